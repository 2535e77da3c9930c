using System.Diagnostics;
using System.Globalization;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Operators;

/// <summary>Many Deployments, each of which calls the next.</summary>
internal sealed class IntentsFleet(TestCluster cluster, int size)
{
    private const string Namespace = "fleet";
    private static readonly ParallelOptions Connections = new() { MaxDegreeOfParallelism = 16 };

    /// <returns>The size of one in bytes, with all that the API server added.</returns>
    public async Task<int> DeployAsync()
    {
        await cluster.CreateNamespaceAsync(Namespace);
        await Parallel.ForAsync(0, size, Connections, async (i, token) => await cluster.ApplyAsync(Deployments.Json(Namespace, Name(i)), token));
        string[] query = ["get", "--raw", $"/apis/apps/v1/namespaces/{Namespace}/deployments/{Name(0)}"];
        return (await cluster.ControlPlane.KubectlAsync(query)).EnsureSuccess().Output.Length;
    }

    /// <summary>Returns when all are enforced, and the operator has nothing left to do.</summary>
    /// <returns>How many requests the operator made for each, and how long it all took from the first to the last status.</returns>
    public async Task<(double RequestsEach, TimeSpan Elapsed)> DeclareAsync(OperatorProcess running)
    {
        var metrics = await running.ReadMetricsAsync();
        var before = metrics.Sum("rest_client_requests_total");
        var worked = (int)metrics.Sum("workqueue_work_duration_seconds_count");
        var started = Stopwatch.GetTimestamp();
        await ApplyAsync("{names: [local]}");
        await running.WaitUntilIdleAsync(worked + (2 * size));
        var elapsed = Stopwatch.GetElapsedTime(started);
        await EventsAsync();
        return (((await running.ReadMetricsAsync()).Sum("rest_client_requests_total") - before) / size, elapsed);
    }

    /// <summary>Declares the same for the clusters that are meant, in YAML's flow style, and waits for nothing.</summary>
    public async Task DeclareAsync(string clusters)
    {
        await cluster.CreateNamespaceAsync(Namespace);
        await ApplyAsync(clusters);
    }

    /// <summary>Returns when no policy is left.</summary>
    public async Task WithdrawAsync()
    {
        string[] delete = ["delete", "clientintents", "--all", "--namespace", Namespace, "--wait=false"];
        (await cluster.ControlPlane.KubectlAsync(delete)).EnsureSuccess();
        string[] query = ["get", "networkpolicies", "--namespace", Namespace, "--output=name"];
        await Testing.ControlPlane.Poll.UntilAsync(
            "the policies to go",
            async token => (await cluster.ControlPlane.KubectlAsync(query, cancellationToken: token)).EnsureSuccess().Output.Length == 0,
            TimeSpan.FromSeconds(120),
            CancellationToken.None);
    }

    private Task ApplyAsync(string clusters) => Parallel.ForAsync(
        0,
        size,
        Connections,
        async (i, token) => await cluster.ApplyAsync(
            Yaml.In(clusters, Yaml.Intents(Namespace, Name(i), $"[{{kubernetes: {{name: {Name((i + 1) % size)}}}}}]")), token));

    // They are written in the background and belong to the work all the same.
    private async Task EventsAsync()
    {
        string[] query = ["get", "events.events.k8s.io", "--namespace", Namespace, "--output=name"];
        await Testing.ControlPlane.Poll.UntilAsync(
            "an Event for each",
            async token => (await cluster.ControlPlane.KubectlAsync(query, cancellationToken: token)).Output.Count(character => character == '\n') >= size,
            TimeSpan.FromSeconds(60),
            CancellationToken.None);
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"app-{i}");
}
