using Wayleave.EndToEnd.Tests.Clusters;
using Wayleave.EndToEnd.Tests.Exactness;
using Wayleave.EndToEnd.Tests.Kubernetes;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.EndToEnd.Tests.Mapping;
using Wayleave.EndToEnd.Tests.Telemetry;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Wayleave.EndToEnd.Tests.LongestFirst", "Wayleave.EndToEnd.Tests")]

namespace Wayleave.EndToEnd.Tests;

/// <summary>Starts the longest collections first, so that none of them runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // Suffixes of collection names. A class without a collection is a collection of its own.
    private static readonly string[] Long =
    [
        TwinClusterTests.Name, MemberLifecycleTests.Name, ClustersCollection.Name, SharedClusterCollection.Name, ExactnessTests.Name, MapperChaosTests.Name, LayerCollection.Name, TelemetryCollection.Name, ProcessCollection.Name,
        RestartCollection.Name, "Canaries", LedgerCollection.Name, nameof(OutageTests), nameof(UsageStoryTests),
        nameof(ControlPlaneTests), LifecycleCollection.Name,
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections
        .OrderBy(collection => Array.FindIndex(Long, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)) is var place and >= 0 ? place : Long.Length)
        .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
