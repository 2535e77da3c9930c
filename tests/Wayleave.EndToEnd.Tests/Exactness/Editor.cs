using System.Globalization;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Exactness;

/// <summary>Applies, edits, and deletes at random, whether or not an operator runs.</summary>
/// <param name="scene">The scene to edit.</param>
/// <param name="kubeconfig">The kubeconfig of the member cluster that is registered and deleted.</param>
/// <param name="random">Chooses the edits.</param>
internal sealed class Editor(Scene scene, string kubeconfig, Random random)
{
    private const int Names = 24;

    private static readonly string[] Targets =
    [
        "{kubernetes: {name: server-0}}", "{kubernetes: {name: server-1, ports: [8080]}}", "{kubernetes: {name: server-2, http: [{path: /v1}]}}",
        "{kubernetes: {name: server-3}}", "{internet: {ips: [203.0.113.7], ports: [443]}}", "{kafka: {name: server-4, topics: [{name: t, operations: [produce]}]}}",
        "{sql: {name: server-5, privileges: [{databaseName: d, operations: [SELECT]}]}}", "{internet: {ips: [203.0.113.5/24]}}",
    ];

    private readonly Dictionary<int, (int Tcp, int Scan, int Dns)> _tallies = [];

    private string MemberCluster => Yaml.MemberCluster(scene.Home, "member");

    public int Changes { get; private set; }

    /// <summary>Whether no object of the map is deleted.</summary>
    public bool KeepsMap { get; set; }

    public async Task PrepareAsync()
    {
        await scene.DeployAsync([.. Enumerable.Range(0, 6).Select(index => $"server-{index}"), .. Enumerable.Range(0, Names).Select(index => $"client-{index}")]);
        await RotateAsync(CancellationToken.None);
    }

    /// <summary>
    /// Puts the namespace on the map. Call after the first leader has opened its ledger: what is on the map before there is a ledger is not
    /// counted.
    /// </summary>
    public Task DiscoverFirstAsync() => DiscoverAsync(0, CancellationToken.None);

    /// <summary>Makes one change. A change that fails, because the API server is down or the object does not exist, is not counted.</summary>
    public async Task ChangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (random.Next(27) switch
            {
                < 9 => scene.Cluster.ApplyAsync(Intents(), cancellationToken),
                < 13 => scene.Cluster.DeleteAsync(Intents(), cancellationToken),
                13 => ComeAndGoAsync(cancellationToken),
                14 => scene.Cluster.ApplyAsync(Yaml.Protection(scene.Namespace, Server()), cancellationToken),
                15 => scene.Cluster.DeleteAsync(Yaml.Protection(scene.Namespace, Server()), cancellationToken),
                16 => scene.Cluster.ApplyAsync(Kafka(), cancellationToken),
                17 => scene.Cluster.DeleteAsync(Kafka(), cancellationToken),
                18 => GovernAsync(cancellationToken),
                19 or 20 => scene.Cluster.ApplyAsync(MemberCluster, cancellationToken),
                21 => scene.Cluster.DeleteAsync(MemberCluster, cancellationToken),
                22 => RotateAsync(cancellationToken),
                23 or 24 => DiscoverAsync(random.Next(4), cancellationToken),
                25 when KeepsMap => Task.CompletedTask,
                25 => ForgetAsync(1 + random.Next(3), cancellationToken),
                _ => DriftAsync(cancellationToken),
            });
            Changes++;
        }
        catch (Exception error) when (error is HttpRequestException or KubernetesException or TimeoutException or IOException)
        {
            // The expected counts come from etcd, not from the editor.
        }
    }

    // A changed Secret counts as other credentials, even if the member accepts both.
    private Task RotateAsync(CancellationToken cancellationToken) => scene.Cluster.ApplyAsync(
        Yaml.Secret(scene.Home, "member", "kubeconfig", string.Create(CultureInfo.InvariantCulture, $"{kubeconfig}\n# {random.Next()}\n")), cancellationToken);

    private async Task ComeAndGoAsync(CancellationToken cancellationToken)
    {
        var intents = Intents();
        await scene.Cluster.ApplyAsync(intents, cancellationToken);
        await Task.Delay(random.Next(60), cancellationToken);
        await scene.Cluster.DeleteAsync(intents, cancellationToken);
    }

    // As the network mapper does: the tally of an object only grows.
    private Task DiscoverAsync(int client, CancellationToken cancellationToken)
    {
        var tally = _tallies.GetValueOrDefault(client);
        tally = (tally.Tcp + random.Next(3), tally.Scan + random.Next(2), tally.Dns + random.Next(2));
        _tallies[client] = tally;
        var telemetry = $"{{intents: {tally.Tcp + tally.Scan}, tcp: {tally.Tcp}, socketScan: {tally.Scan}, dns: {tally.Dns}}}";
        return scene.Cluster.ApplyAsync(Yaml.Observed(scene.Namespace, $"client-{client}", "[]", telemetry), cancellationToken);
    }

    // Never of the first client, so that the namespace stays in the map.
    private async Task ForgetAsync(int client, CancellationToken cancellationToken)
    {
        await scene.Cluster.DeleteAsync(Yaml.Observed(scene.Namespace, $"client-{client}", "[]"), cancellationToken);
        _tallies.Remove(client);
    }

    private Task GovernAsync(CancellationToken cancellationToken)
    {
        var mode = random.Next(3) == 0 ? "Shadow" : "Enforce";
        var policy = Yaml.Enforcement("storm", $"{{mode: {mode}, priority: {random.Next(10)}, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {scene.Namespace}}}}}}}");
        return random.Next(3) == 0 ? scene.Cluster.DeleteAsync(policy, cancellationToken) : scene.Cluster.ApplyAsync(policy, cancellationToken);
    }

    private async Task DriftAsync(CancellationToken cancellationToken)
    {
        var policies = await scene.Cluster.Client.ListAsync<V1NetworkPolicy>(new ListOptions { Namespace = scene.Namespace }, cancellationToken);
        if (policies.Items.Count > 0)
        {
            var one = policies.Items[random.Next(policies.Items.Count)].Metadata;
            await scene.Cluster.Client.DeleteAsync<V1NetworkPolicy>(one.Name!, one.NamespaceProperty, null, cancellationToken);
        }
    }

    private string Intents()
    {
        var client = $"client-{random.Next(Names)}";
        var targets = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Targets[random.Next(Targets.Length)]);
        return Yaml.Intents(scene.Namespace, client, $"[{string.Join(", ", targets)}]");
    }

    private string Kafka() => Yaml.KafkaServer(scene.Namespace, Server(), "kafka.example.com:9092");

    private string Server() => $"server-{random.Next(6)}";
}
