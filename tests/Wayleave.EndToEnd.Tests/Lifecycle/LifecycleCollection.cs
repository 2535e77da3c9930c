namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>These tests judge how long things take, so nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LifecycleCollection : ICollectionFixture<LifecycleCluster>
{
    public const string Name = "lifecycle";
}
