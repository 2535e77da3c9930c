using System.Net;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.OneNode;

/// <summary>The tests share one node, and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneNodeCollection : ICollectionFixture<OneNodeCluster>
{
    public const string Name = "one node";
}

/// <summary>A cluster of one real node with the operator's real image, and a collector that Pods can reach.</summary>
public sealed class OneNodeCluster : IAsyncLifetime
{
    private readonly Figures _figures = new();
    private Node _node = null!;

    public TestCluster Cluster { get; private set; } = null!;

    public OtlpCollector Collector { get; private set; } = null!;

    internal Figures Figures => _figures;

    public async Task InitializeAsync()
    {
        var image = ArchiveOf("WAYLEAVE_IMAGE");
        _figures.AddMemory("image, uncompressed", new FileInfo(image).Length);
        Cluster = await TestCluster.StartBareAsync(Node.ControlPlane);
        _node = await _figures.TimeAsync("control plane ready to node ready", () => Node.StartAsync(Cluster.ControlPlane, [image, ArchiveOf("WAYLEAVE_SHOP_IMAGE")]));
        Collector = await OtlpCollector.StartAsync(address: IPAddress.Parse(Node.Gateway));
    }

    public async Task DisposeAsync()
    {
        await _figures.WriteAsync();
        await Collector.DisposeAsync();
        await _node.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private static string ArchiveOf(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set; run `make one-node`, or set it to the archive of the image");
}
