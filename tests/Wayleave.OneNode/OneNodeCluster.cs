using System.Net;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.OneNode;

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
        var image = Environment.GetEnvironmentVariable("WAYLEAVE_IMAGE")
            ?? throw new InvalidOperationException("WAYLEAVE_IMAGE is not set; run `make one-node`, or set it to the archive of the operator's image");
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
