using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>A control plane with a shop, two mappers, and the sensors of all nodes.</summary>
internal sealed class MapperWorld : IAsyncDisposable
{
    // The owners of the Pods do not exist, and nodes send no heartbeats.
    private static readonly ControlPlaneOptions _options = new()
    {
        ExternalKubeconfig = null,
        Audit = true,
        ControllerManagerArguments = ["--controllers=namespace,serviceaccount,serviceaccount-token,root-ca-cert-publisher"],
    };

    private MapperWorld(TestCluster cluster, int seed)
    {
        Cluster = cluster;
        Shop = new ChaosShop(cluster, new Random(seed));
        Replicas = new MapperReplicas(cluster);
    }

    public TestCluster Cluster { get; }

    public ChaosShop Shop { get; }

    public MapperReplicas Replicas { get; }

    public CallModel Model { get; } = new();

    /// <summary>The sensors, by the numbers of their nodes.</summary>
    public List<ReportingSensor> Sensors { get; } = [];

    public AuditLog Audit => new(Cluster.ControlPlane.AuditLogPath!);

    /// <summary>Returns when a mapper leads and the other has listed everything.</summary>
    public static async Task<MapperWorld> StartAsync(int seed)
    {
        var world = new MapperWorld(await TestCluster.StartAsync(_options), seed);
        try
        {
            await world.Shop.CreateAsync();
            await world.Replicas.StartAsync();
            await world.StartSensorsAsync(seed);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sensor in Sensors)
        {
            await sensor.DisposeAsync();
        }

        await Replicas.DisposeAsync();
        Shop.Dispose();
        await Cluster.DisposeAsync();
    }

    private async Task StartSensorsAsync(int seed)
    {
        var authority = await Shop.ReadAuthorityAsync();
        for (var node = 0; node < ChaosShop.Nodes; node++)
        {
            var site = new SensorSite(node, Shop.Tokens[node], authority, Replicas, Model);
            Sensors.Add(new ReportingSensor(site, new Random(seed + node)));
        }
    }
}
