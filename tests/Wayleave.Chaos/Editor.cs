using System.Globalization;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Operators;

namespace Wayleave.Chaos;

/// <summary>Applies, edits and deletes objects at random, over its own connection to the API server. An edit that fails does not count.</summary>
internal sealed class Editor(World world, Random random)
{
    private const int Clients = 8;
    private const int Servers = 5;
    private static readonly string[] Modes = ["Enforce", "Enforce", "Shadow", "Disabled"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string[] _namespaces = [world.Scene.Namespace, $"{world.Scene.Namespace}-data"];

    public int Edits { get; private set; }

    /// <summary>Creates the workloads that the declarations name.</summary>
    public async Task PrepareAsync()
    {
        await world.Cluster.CreateNamespaceAsync(_namespaces[1]);
        foreach (var @namespace in _namespaces)
        {
            foreach (var name in Enumerable.Range(0, Clients).Select(Client).Concat(Enumerable.Range(0, Servers).Select(Server)))
            {
                await world.Cluster.ApplyAsync(Yaml.Workload(@namespace, name));
            }
        }
    }

    /// <summary>Makes one edit after the other until the storm is over.</summary>
    public async Task EditAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                await EditOnceAsync(patience.Token);
                Edits++;
            }
            catch (Exception error) when (error is HttpRequestException or KubernetesException or TimeoutException or IOException or OperationCanceledException)
            {
                // The API server is down, or the object does not exist. The history of etcd shows which edits were made.
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private Task EditOnceAsync(CancellationToken cancellationToken) => random.Next(20) switch
    {
        < 7 => world.Cluster.ApplyAsync(Intents(), cancellationToken),
        < 9 => world.Cluster.DeleteAsync(Intents(), cancellationToken),
        9 => world.Cluster.ApplyAsync(Yaml.Protection(Namespace(), AnyServer()), cancellationToken),
        10 => world.Cluster.DeleteAsync(Yaml.Protection(Namespace(), AnyServer()), cancellationToken),
        11 or 12 => world.Cluster.ApplyAsync(Governance(), cancellationToken),
        13 => world.Cluster.DeleteAsync(Governance(), cancellationToken),
        14 => world.Cluster.ApplyAsync(Workload(), cancellationToken),
        15 => world.Cluster.DeleteAsync(Workload(), cancellationToken),
        16 => world.Cluster.ApplyAsync(Yaml.KafkaServer(Namespace(), AnyServer(), "kafka.example.com:9092"), cancellationToken),
        17 => world.Cluster.DeleteAsync(Yaml.KafkaServer(Namespace(), AnyServer(), "kafka.example.com:9092"), cancellationToken),
        _ => DriftAsync(cancellationToken),
    };

    private string Intents()
    {
        var (client, @namespace) = (Client(random.Next(Clients)), Namespace());
        return Yaml.Intents(@namespace, client, $"[{string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Target()))}]");
    }

    private string Target() => random.Next(6) switch
    {
        0 => "{internet: {ips: [203.0.113.0/28], ports: [443]}}",
        1 => $"{{kubernetes: {{name: {AnyServer()}.{Namespace()}}}}}",
        2 => $"{{kubernetes: {{name: {AnyServer()}, ports: [9090]}}}}",
        _ => $"{{kubernetes: {{name: {AnyServer()}, ports: [8080]}}}}",
    };

    private string Governance()
    {
        var name = $"chaos-{random.Next(2)}";
        var selector = $"namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {Namespace()}}}}}";
        var egress = random.Next(2) == 0 ? "true" : "false";
        return Yaml.Enforcement(name, string.Create(CultureInfo.InvariantCulture, $"{{mode: {Modes[random.Next(Modes.Length)]}, priority: {random.Next(3)}, egress: {egress}, {selector}}}"));
    }

    private string Workload() => Yaml.Workload(Namespace(), random.Next(2) == 0 ? AnyServer() : Client(random.Next(Clients)));

    // Another client deletes one of the operator's policies, or opens it to all sources.
    private async Task DriftAsync(CancellationToken cancellationToken)
    {
        var policies = await world.Cluster.Client.ListAsync<V1NetworkPolicy>(new ListOptions { Namespace = Namespace() }, cancellationToken);
        if (policies.Items.Count == 0)
        {
            return;
        }

        var one = policies.Items[random.Next(policies.Items.Count)].Metadata;
        if (random.Next(2) == 0)
        {
            await world.Cluster.Client.DeleteAsync<V1NetworkPolicy>(one.Name!, one.NamespaceProperty, null, cancellationToken);
        }
        else
        {
            var open = new V1Patch("""{"spec": {"ingress": [{}]}}""", V1Patch.PatchType.MergePatch);
            await world.Cluster.Client.PatchAsync<V1NetworkPolicy>(one.Name!, one.NamespaceProperty, open, cancellationToken);
        }
    }

    private string Namespace() => _namespaces[random.Next(_namespaces.Length)];

    private string AnyServer() => Server(random.Next(Servers));

    private static string Server(int i) => string.Create(CultureInfo.InvariantCulture, $"server-{i}");

    private static string Client(int i) => string.Create(CultureInfo.InvariantCulture, $"client-{i}");
}
