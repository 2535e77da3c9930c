namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>These tests measure durations, so no other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LifecycleCollection : ICollectionFixture<LifecycleCluster>
{
    public const string Name = "lifecycle";
}
