namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>Runs alone, because the test measures the whole process and other tests would change the result.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ReconnectCollection : ICollectionFixture<LayerCluster>
{
    public const string Name = "a thousand reconnects";
}
