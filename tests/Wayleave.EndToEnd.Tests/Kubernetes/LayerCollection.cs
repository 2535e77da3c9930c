namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>The tests of the Kubernetes layer share a cluster and run one after the other: some of them stop its API server.</summary>
[CollectionDefinition(Name)]
public sealed class LayerCollection : ICollectionFixture<LayerCluster>
{
    public const string Name = "the Kubernetes layer";
}
