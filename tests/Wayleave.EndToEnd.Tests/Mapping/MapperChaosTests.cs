using System.Diagnostics;
using System.Globalization;
using Wayleave.Testing.ControlPlane;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>
/// Two mappers with a lease, as the programs that they are, on a real control plane, and the sensors of eight nodes. While Pods call each other
/// and are replaced, mappers are killed, frozen and cut off, the API server is away, and batches are cut, lost, doubled and late. Afterwards what
/// is stored equals what the sensors reported. <c>WAYLEAVE_MAP_SEED</c> repeats the random choices, <c>WAYLEAVE_MAP_ROUNDS</c> makes it a long run.
/// </summary>
[Collection(Name)]
public sealed class MapperChaosTests(ITestOutputHelper output)
{
    public const string Name = "MapperChaos";

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    [Fact]
    public async Task The_stored_map_equals_what_the_sensors_reported()
    {
        var seed = ReadNumber("WAYLEAVE_MAP_SEED", Random.Shared.Next(1_000_000));
        output.WriteLine($"seed {seed}");
        await using var world = await MapperWorld.StartAsync(seed);
        var observer = new MapObserver(world.Cluster, world.Model);
        var traffic = new ShopTraffic(world, observer, new Random(seed + 100));
        var faults = new MapperFaults(world, traffic, new Random(seed + 200));
        using var end = new CancellationTokenSource();
        var observing = observer.RunAsync(end.Token);
        try
        {
            await RageAsync(traffic, faults);
            await SettleAsync(world, traffic);
            await UntilEqualAsync(world, observer);
            await CheckAsync(world, observer);
            output.WriteLine(Describe(world, traffic, faults));
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(
                $"seed {seed}: {error.Message}\n{Describe(world, traffic, faults)}\n{world.Replicas.Logs()}", error);
        }
        finally
        {
            await end.CancelAsync();
            await observing;
        }
    }

    private static async Task RageAsync(ShopTraffic traffic, MapperFaults faults)
    {
        using var over = new CancellationTokenSource();
        var calling = traffic.RunAsync(over.Token);
        try
        {
            for (var round = ReadNumber("WAYLEAVE_MAP_ROUNDS", 1); round > 0; round--)
            {
                await faults.StrikeAsync();
            }
        }
        finally
        {
            await over.CancelAsync();
            await calling;
        }
    }

    // What the last leader has seen it must attribute, also if it is reported late.
    private static async Task SettleAsync(MapperWorld world, ShopTraffic traffic)
    {
        world.Sensors.ForEach(sensor => sensor.Calm());
        await world.Replicas.FindLeaderAsync();
        await traffic.ReplaceAsync();
        await Poll.UntilAsync("the mapper to know all Pods", _ => Task.FromResult(traffic.AreAllKnown()), Poll.Patience, default);
        for (var calls = 0; calls < 100; calls++)
        {
            traffic.MakeCall();
        }

        await Poll.UntilAsync("all acknowledgements", _ => Task.FromResult(world.Model.IsAcknowledged), Poll.Patience, default);
        await Poll.UntilAsync("all calls to be reported to the last map", _ => Task.FromResult(world.Model.IsRepeated), Poll.Patience, default);
        traffic.GetAnswers("last.example.com");
        await Poll.UntilAsync("the last acknowledgements", _ => Task.FromResult(world.Model.IsAcknowledged), Poll.Patience, default);
    }

    private static async Task UntilEqualAsync(MapperWorld world, MapObserver observer) => await Poll.UntilAsync(
        "the stored map to equal the model",
        async token => string.Join('\n', world.Model.Compare(await StoredMap.ReadAsync(world.Cluster, token), observer.Seen).Take(30)),
        problems => problems.Length == 0,
        Poll.Patience,
        default);

    // When no mapper runs, nothing can change any more.
    private async Task CheckAsync(MapperWorld world, MapObserver observer)
    {
        foreach (var replica in world.Replicas.All)
        {
            await replica.StopAsync();
        }

        var stored = await StoredMap.ReadAsync(world.Cluster, default);
        world.Model.Compare(stored, observer.Seen).ShouldBeEmpty();
        world.Model.Problems.ShouldBeEmpty();
        var audit = new MapperAudit(world.Audit, world.Replicas.All);
        audit.FindWritesWithoutLease().ShouldBeEmpty();

        // Each map writes an object once, five times more for answers of DNS, and once a minute.
        audit.Writes.ShouldBeLessThan(stored.Objects * ((world.Model.Terms * 6) + (int)_clock.Elapsed.TotalMinutes + 1));
        output.WriteLine($"{stored.Objects} objects, {stored.Calls.Count} calls, {audit.Writes} writes");
    }

    private string Describe(MapperWorld world, ShopTraffic traffic, MapperFaults faults)
    {
        var disturbances = world.Sensors.SelectMany(sensor => sensor.Disturbances)
            .GroupBy(kind => kind.Key, kind => kind.Value, StringComparer.Ordinal)
            .Select(kind => $"{kind.Key}: {kind.Sum()}");
        return string.Join('\n',
        [
            $"{_clock.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s, {traffic.Calls} calls, {world.Model.Count} different",
            $"{traffic.Replacements} Pods replaced, {world.Model.Terms} maps",
            .. faults.Story,
            string.Join(", ", disturbances),
            .. world.Model.Problems.Take(30),
        ]);
    }

    private static int ReadNumber(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
