namespace Wayleave.EndToEnd.Tests;

/// <summary>The tests that share a cluster; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedClusterCollection : ICollectionFixture<SharedCluster>
{
    public const string Name = "shared cluster";
}
