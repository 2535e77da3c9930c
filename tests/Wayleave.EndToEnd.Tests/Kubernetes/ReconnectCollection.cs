namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>Runs by itself: what other tests of this process do would be counted with it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ReconnectCollection : ICollectionFixture<LayerCluster>
{
    public const string Name = "a thousand reconnects";
}
