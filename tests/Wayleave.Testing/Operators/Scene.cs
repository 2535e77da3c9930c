using k8s.Models;

namespace Wayleave.Testing.Operators;

/// <summary>
/// What one test has for itself on a cluster that it shares: a namespace for workloads, one for the operator's lease and ledger, and
/// operators. Disposing kills the operators and deletes every declaration and policy in the cluster, so use one at a time.
/// </summary>
public sealed class Scene : IAsyncDisposable
{
    private static int _count;
    private readonly List<OperatorProcess> _operators = [];

    private Scene(TestCluster cluster)
    {
        var number = Interlocked.Increment(ref _count);
        Cluster = cluster;
        Namespace = $"shop-{number}";
        Home = $"home-{number}";
    }

    public TestCluster Cluster { get; }

    /// <summary>Of the workloads and declarations.</summary>
    public string Namespace { get; }

    /// <summary>The operator's own.</summary>
    public string Home { get; }

    public static async Task<Scene> SetAsync(TestCluster cluster, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var scene = new Scene(cluster);
        await cluster.CreateNamespaceAsync(scene.Namespace, cancellationToken);
        await cluster.CreateNamespaceAsync(scene.Home, cancellationToken);
        return scene;
    }

    /// <summary>Starts an operator whose own namespace is <see cref="Home"/>; returns when its ports are open.</summary>
    /// <param name="settings">On top of that.</param>
    /// <param name="kubeconfig">As whom and by which way; the cluster admin's if none is given.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<OperatorProcess> StartAsync(
        OperatorSettings? settings = null, string? kubeconfig = null, CancellationToken cancellationToken = default)
    {
        settings ??= new OperatorSettings();
        var own = settings with { Arguments = ["--namespace", Home, .. settings.Arguments] };
        var started = await OperatorProcess.StartAsync(kubeconfig ?? Cluster.ControlPlane.KubeconfigPath, own, cancellationToken);
        _operators.Add(started);
        return started;
    }

    /// <summary>The same with flags alone; returns when it is ready.</summary>
    public async Task<OperatorProcess> StartReadyAsync(params IReadOnlyList<string> flags)
    {
        var started = await StartAsync(new OperatorSettings { Arguments = flags });
        await started.WaitUntilReadyAsync();
        return started;
    }

    /// <summary>Deployments named so, and whatever else is given as YAML.</summary>
    public async Task DeployAsync(params IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            await Cluster.ApplyAsync(Yaml.Workload(Namespace, name));
        }
    }

    /// <summary>Applies a ClientIntents of the workload in <see cref="Namespace"/>; the targets are a YAML flow list.</summary>
    public Task DeclareAsync(string client, string targets) => Cluster.ApplyAsync(Yaml.Intents(Namespace, client, targets));

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _operators)
        {
            await running.DisposeAsync();
        }

        await Cluster.DeleteDeclarationsAsync();
        await Cluster.DeleteAllAsync<V1NetworkPolicy>();
    }
}
