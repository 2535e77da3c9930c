using System.Net;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.OneNode;

/// <summary>A cluster of one real node, the operator's real image on it, and a collector that Pods can reach.</summary>
public sealed class OneNodeCluster : IAsyncLifetime
{
    private readonly Figures _figures = new();
    private Node _node = null!;

    public TestCluster Cluster { get; private set; } = null!;

    public OtlpCollector Collector { get; private set; } = null!;

    internal Figures Figures => _figures;

    public async Task InitializeAsync()
    {
        var image = Environment.GetEnvironmentVariable("WAYLEAVE_IMAGE")
            ?? throw new InvalidOperationException("WAYLEAVE_IMAGE is to name the archive of the operator's image: run `make one-node`");
        _figures.AddMemory("image, uncompressed", new FileInfo(image).Length);
        Cluster = await TestCluster.StartBareAsync(Node.ControlPlane);
        _node = await _figures.TimeAsync("control plane ready to node ready", () => Node.StartAsync(Cluster.ControlPlane, [image]));
        Collector = await OtlpCollector.StartAsync(address: IPAddress.Parse(Node.Gateway));
    }

    public async Task DisposeAsync()
    {
        await _figures.WriteAsync();
        await Collector.DisposeAsync();
        await _node.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
