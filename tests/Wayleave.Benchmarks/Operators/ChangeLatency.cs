using System.Diagnostics;
using System.Threading.Channels;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
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

        using var end = new CancellationTokenSource();
        var seen = Channel.CreateUnbounded<(string? Name, long At)>();
        var watching = WatchAsync(cluster, seen.Writer, end.Token);
        var times = new List<double>();
        for (var i = 0; i < changes; i++)
        {
            times.Add(await OneAsync(cluster, $"server-{i}", seen.Reader));
        }

        await end.CancelAsync();
        await watching;
        times.Sort();
        return times;
    }

    private static async Task<double> OneAsync(TestCluster cluster, string server, ChannelReader<(string? Name, long At)> seen)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var intents = Yaml.Intents(Namespace, "client", $"[{{kubernetes: {{name: {server}}}}}]", server);
        var started = Stopwatch.GetTimestamp();
        await cluster.ApplyAsync(intents);
        while (true)
        {
            var (name, at) = await seen.ReadAsync(patience.Token);
            if (name == $"wayleave-deployment-{server}-ingress")
            {
                return Stopwatch.GetElapsedTime(started, at).TotalMilliseconds;
            }
        }
    }

    private static async Task WatchAsync(TestCluster cluster, ChannelWriter<(string? Name, long At)> seen, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in cluster.Client.WatchAsync<V1NetworkPolicy>(new ListOptions { Namespace = Namespace }, cancellationToken))
            {
                seen.TryWrite((change.Entity.Metadata.Name, Stopwatch.GetTimestamp()));
            }
        }
        catch (OperationCanceledException)
        {
            // All changes have been seen.
        }
    }
}
