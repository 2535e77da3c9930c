using System.Diagnostics;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Operators;

/// <summary>From the moment a ClientIntents is sent to the API server until a watch of NetworkPolicies shows what became of it.</summary>
internal static class ChangeLatency
{
    private const string Namespace = "latency";

    /// <returns>Milliseconds, the shortest first.</returns>
    public static async Task<IReadOnlyList<double>> MeasureAsync(TestCluster cluster, int changes)
    {
        await cluster.CreateNamespaceAsync(Namespace);
        await cluster.ApplyAsync(Yaml.Workload(Namespace, "client"));
        for (var i = 0; i < changes; i++)
        {
            await cluster.ApplyAsync(Yaml.Workload(Namespace, $"server-{i}"));
        }

        await using var watch = new PolicyWatch(cluster, Namespace);
        var times = new List<double>();
        for (var i = 0; i < changes; i++)
        {
            times.Add(await OneAsync(cluster, $"server-{i}", watch));
        }

        times.Sort();
        return times;
    }

    private static async Task<double> OneAsync(TestCluster cluster, string server, PolicyWatch watch)
    {
        var intents = Yaml.Intents(Namespace, "client", $"[{{kubernetes: {{name: {server}}}}}]", server);
        var started = Stopwatch.GetTimestamp();
        await cluster.ApplyAsync(intents);
        return Stopwatch.GetElapsedTime(started, await watch.NextAsync($"wayleave-deployment-{server}-ingress")).TotalMilliseconds;
    }
}
