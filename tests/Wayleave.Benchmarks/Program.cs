using BenchmarkDotNet.Running;
using Wayleave.Benchmarks.Clusters;

return args switch
{
    ["system", .. var rest] => await SystemBenchmark.RunAsync(rest.Length > 0 ? rest[0] : null),
    ["micro", .. var rest] => Micro(rest),
    _ => Usage(),
};

static int Micro(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"]);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: system [FOLDER OF THE PUBLISHED OPERATOR] | micro [BENCHMARKDOTNET ARGUMENTS]");
    return 2;
}
