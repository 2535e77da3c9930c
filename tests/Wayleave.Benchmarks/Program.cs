using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Wayleave.Benchmarks.Operators;

return args switch
{
    ["system"] => await SystemBenchmark.RunAsync(Console.Out),
    ["scale"] => await ScaleBenchmark.RunAsync(Console.Out),
    ["telemetry"] => await TelemetryBenchmark.RunAsync(Console.Out),
    ["isolation"] => await IsolationBenchmark.RunAsync(Console.Out),
    ["members"] => await MembersBenchmark.RunAsync(Console.Out),
    ["micro", .. var rest] => Micro(rest),
    _ => Help(),
};

// In this process: what is measured is a library that was built as it is, and no project has to be made and restored for it.
static int Micro(string[] arguments)
{
    var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    string[] filter = arguments.Length == 0 ? ["--filter", "*"] : arguments;
    return BenchmarkSwitcher.FromAssembly(typeof(SystemBenchmark).Assembly).Run(filter, config).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
}

static int Help()
{
    Console.Error.WriteLine("micro [BenchmarkDotNet's options]   times and allocations of the inner parts");
    Console.Error.WriteLine("system                              the operator that WAYLEAVE_OPERATOR names, or the one built here, on a real API server");
    Console.Error.WriteLine("scale                               what one change costs with 100, 1,000 and 10,000 ClientIntents");
    Console.Error.WriteLine("telemetry                           the work of reconciling with telemetry on, and with telemetry off");
    Console.Error.WriteLine("isolation                           how long a change takes elsewhere while one member cluster does not answer");
    Console.Error.WriteLine("members                             memory and API requests with 10 member clusters of 1,000 workloads");
    return 2;
}
