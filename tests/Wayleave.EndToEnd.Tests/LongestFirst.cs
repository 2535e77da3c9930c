using Wayleave.EndToEnd.Tests.Exactness;
using Wayleave.EndToEnd.Tests.Kubernetes;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.EndToEnd.Tests.Telemetry;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Wayleave.EndToEnd.Tests.LongestFirst", "Wayleave.EndToEnd.Tests")]

namespace Wayleave.EndToEnd.Tests;

/// <summary>Starts the collections that take longest first: what starts last is what everybody waits for in the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
        [ExactnessTests.Name, TelemetryCollection.Name, ProcessCollection.Name, LayerCollection.Name, SharedClusterCollection.Name, LedgerCollection.Name];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections
        .OrderBy(collection => Array.IndexOf(Long, collection.DisplayName) is var place and >= 0 ? place : Long.Length)
        .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
