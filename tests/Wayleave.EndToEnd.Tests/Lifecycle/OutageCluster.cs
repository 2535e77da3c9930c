using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>A cluster for tests that stop its API server.</summary>
public sealed class OutageCluster : IAsyncLifetime
{
    public TestCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await ClusterPool.TakeAsync();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
