using System.Security.Cryptography.X509Certificates;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Exactness;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.Chaos;

/// <summary>A control plane, a collector, and two operators that compete for a lease, each with its own proxy to the API server.</summary>
internal sealed class World : IAsyncDisposable
{
    private const int Operators = 2;

    private static readonly ControlPlaneOptions Options = new()
    {
        ExternalKubeconfig = null,
        Audit = true,
        ApiServerArguments = ["--etcd-compaction-interval=0", "--storage-media-type=application/json"],
    };

    private World(TestCluster cluster, Scene scene, OtlpCollector collector, Uri etcd)
    {
        (Cluster, Scene, Collector) = (cluster, scene, collector);
        History = new EtcdHistory(etcd);
        Audit = new AuditLog(cluster.ControlPlane.AuditLogPath!);
        Replicas = new Replicas();
    }

    public TestCluster Cluster { get; }

    public Scene Scene { get; }

    public OtlpCollector Collector { get; }

    public EtcdHistory History { get; }

    public AuditLog Audit { get; }

    public Replicas Replicas { get; }

    public static async Task<World> StartAsync()
    {
        var cluster = await TestCluster.StartAsync(Options);
        var collector = await OtlpCollector.StartAsync();
        var world = new World(cluster, await Scene.SetAsync(cluster), collector, await cluster.ControlPlane.EtcdAddressAsync());
        for (var i = 0; i < Operators; i++)
        {
            world.Replicas.Add(await world.PrepareAsync($"replica-{i}"));
        }

        await world.CalmAsync();
        return world;
    }

    /// <summary>Ends all faults and starts the operators that do not run.</summary>
    public async Task CalmAsync()
    {
        Collector.Otherwise = OtlpAnswer.Accept;
        await Replicas.CalmAsync();
    }

    /// <summary>The last lines of the operators' logs.</summary>
    public string Logs() => Replicas.Logs();

    public async ValueTask DisposeAsync()
    {
        await Replicas.DisposeAsync();
        await Scene.DisposeAsync();
        await Collector.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private async Task<Replica> PrepareAsync(string name)
    {
        var plane = Cluster.ControlPlane;
        var account = await ServiceAccount.CreateAsync(plane, Scene.Home, name);
        var proxy = await FaultProxy.StartAsync(plane.Server, X509Certificate2.CreateFromPem(await plane.AuthorityAsync()));
        var kubeconfig = await account.WriteKubeconfigAsync(plane, proxy.Address, proxy.Authority);
        string[] flags =
        [
            "--namespace", Scene.Home, "--telemetry-flush-interval=1s", "--telemetry-endpoint", Collector.Endpoint.OriginalString,
            "--leader-elect", "--leader-elect-lease-duration=3s", "--leader-elect-renew-deadline=2s", "--leader-elect-retry-period=300ms",
        ];
        return new Replica(account.User, name, proxy, kubeconfig, flags);
    }
}
