using System.Globalization;
using Wayleave.Chaos;

var seed = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000);
var storms = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
await using var run = await ChaosRun.StartAsync(seed, Console.Out);
return await run.RageAsync(storms) ? 0 : 1;
