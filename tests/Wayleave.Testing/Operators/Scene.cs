using k8s.Models;

namespace Wayleave.Testing.Operators;

/// <summary>
/// The part of a shared cluster that one test uses: a namespace for workloads, one for the operator's lease and ledger, and operators. Disposing
/// it kills the operators and deletes every declaration and policy in the cluster, so use one at a time.
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

    /// <summary>The namespace of the workloads and declarations.</summary>
    public string Namespace { get; }

    /// <summary>The operator's own namespace.</summary>
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
    /// <param name="settings">More settings.</param>
    /// <param name="kubeconfig">The user and the address to connect with. The cluster admin's by default.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<OperatorProcess> StartAsync(
        OperatorSettings? settings = null, string? kubeconfig = null, CancellationToken cancellationToken = default)
    {
        settings ??= new OperatorSettings();
        var own = settings with { Arguments = ["--namespace", Home, .. settings.Arguments] };
        var started = await OperatorProcess.StartAsync(kubeconfig ?? Cluster.ControlPlane.KubeconfigPath, own, cancellationToken);
        _operators.Add(started);
        return started;
    }

    /// <summary>Starts an operator with the flags, and returns when it is ready.</summary>
    public async Task<OperatorProcess> StartReadyAsync(params IReadOnlyList<string> flags)
    {
        var started = await StartAsync(new OperatorSettings { Arguments = flags });
        await started.WaitUntilReadyAsync();
        return started;
    }

    /// <summary>Applies Deployments with these names.</summary>
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
