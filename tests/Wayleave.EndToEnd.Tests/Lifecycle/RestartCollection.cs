namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>Tests that restart operators. Separate from <see cref="ProcessCollection"/>, so that both run in parallel.</summary>
[CollectionDefinition(Name)]
public sealed class RestartCollection : ICollectionFixture<LifecycleCluster>
{
    public const string Name = "restart";
}
