namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>Tests that start and stop operators, and that a busy machine may slow down.</summary>
[CollectionDefinition(Name)]
public sealed class ProcessCollection : ICollectionFixture<LifecycleCluster>
{
    public const string Name = "process";
}
