using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Wayleave.Benchmarks.Mapping;
using Wayleave.Benchmarks.Members;
using Wayleave.Benchmarks.Micro;
using Wayleave.Benchmarks.Scenarios;
using Wayleave.Benchmarks.Soak;

return args switch
{
    ["full", var directory, .. var names] => await Suite.RunAsync(Scope.Full, names, directory, Console.Out),
    ["quick", var directory, .. var names] => await Suite.RunAsync(Scope.Quick, names, directory, Console.Out),
    ["soak", var minutes, var directory] => await SoakRun.RunAsync(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), directory, Console.Out),
    ["isolation"] => await IsolationBenchmark.RunAsync(Console.Out),
    ["members"] => await MembersBenchmark.RunAsync(Console.Out),
    ["map"] => await MapBenchmark.RunAsync(Console.Out),
    ["micro", .. var rest] => Micro(rest),
    _ => Help(),
};

// Run in this process: it measures the library as it was built, and needs no generated project and no restore.
static int Micro(string[] arguments)
{
    var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    // Without a filter, BenchmarkDotNet asks on standard input which benchmarks to run.
    string[] filtered = arguments.Any(argument => argument is "-f" or "--filter") ? arguments : [.. arguments, "--filter", "*"];
    return BenchmarkSwitcher.FromAssembly(typeof(WatchBenchmarks).Assembly).Run(filtered, config).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
}

static int Help()
{
    Console.Error.WriteLine("micro [BenchmarkDotNet's options]   times and allocations of the inner parts");
    Console.Error.WriteLine("full DIRECTORY [SCENARIO]...         the operator that WAYLEAVE_OPERATOR names, or the one built here, on a real API server;");
    Console.Error.WriteLine("                                     scenarios: bulk-1000, bulk-5000, scale, telemetry, tracing, event-store, rest,");
    Console.Error.WriteLine("                                     reconnect; all, if none is named");
    Console.Error.WriteLine("quick DIRECTORY [SCENARIO]...        the same with less of everything; its bulk is bulk-200");
    Console.Error.WriteLine("soak MINUTES DIRECTORY               ten changes a second for MINUTES; fails if memory or handles grow; draws both");
    Console.Error.WriteLine("isolation                           how long a change takes elsewhere while one member cluster does not answer");
    Console.Error.WriteLine("members                             memory and API requests with 10 member clusters of 1,000 workloads");
    Console.Error.WriteLine("map                                 the mapper that WAYLEAVE_MAPPER names, with 200 sensors and 5,000 Pods");
    return 2;
}
