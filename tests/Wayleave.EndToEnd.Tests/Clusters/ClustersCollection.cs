namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>These tests run one after the other, because each uses several control planes.</summary>
[CollectionDefinition(Name)]
public sealed class ClustersCollection
{
    public const string Name = "Clusters";
}
