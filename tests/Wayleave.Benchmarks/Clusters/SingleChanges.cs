using System.Diagnostics;
using System.Globalization;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Clusters;

/// <summary>One edit at a time: from the moment the edit is sent to the moment a watch tells of the policy that it led to.</summary>
internal static class SingleChanges
{
    private const string Namespace = "single";

    public static async Task MeasureAsync(TestCluster cluster, int changes, ResultTable table)
    {
        await cluster.CreateNamespaceAsync(Namespace);
        await cluster.ApplyAsync(Yaml.Workload(Namespace, "client"));
        await cluster.ApplyAsync(Yaml.Workload(Namespace, "server"));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var events = cluster.Client.WatchAsync<V1NetworkPolicy>(new ListOptions { Namespace = Namespace }, limit.Token).GetAsyncEnumerator(limit.Token);
        await using (events)
        {
            var elapsed = new List<double>();
            for (var i = 0; i <= changes; i++)
            {
                var time = await ChangeAsync(cluster, events, 1000 + i);
                if (i > 0)
                {
                    // The first also starts the watch and compiles code.
                    elapsed.Add(time.TotalMilliseconds);
                }
            }

            elapsed.Sort();
            table.Add($"edit to policy, {changes} single changes: median", Text(elapsed[elapsed.Count / 2]));
            table.Add($"edit to policy, {changes} single changes: p99", Text(elapsed[(int)(elapsed.Count * 0.99) - 1]));
        }
    }

    private static async Task<TimeSpan> ChangeAsync(TestCluster cluster, IAsyncEnumerator<WatchEvent<V1NetworkPolicy>> events, int port)
    {
        var started = Stopwatch.GetTimestamp();
        var applied = cluster.ApplyAsync(Yaml.Intents(Namespace, "client", $"[{{kubernetes: {{name: server, ports: [{port}]}}}}]"));
        while (await events.MoveNextAsync())
        {
            if (events.Current.Entity.Spec?.Ingress?.SelectMany(rule => rule.Ports ?? []).Any(allowed => allowed.Port == port) == true)
            {
                break;
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        await applied;
        return elapsed;
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms";
}
