namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>Tests in which one operator follows another; apart from <see cref="ProcessCollection"/>, so that both run at the same time.</summary>
[CollectionDefinition(Name)]
public sealed class RestartCollection : ICollectionFixture<LifecycleCluster>
{
    public const string Name = "restart";
}
