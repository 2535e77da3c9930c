namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>One after the other: each has several control planes.</summary>
[CollectionDefinition(Name)]
public sealed class ClustersCollection
{
    public const string Name = "Clusters";
}
