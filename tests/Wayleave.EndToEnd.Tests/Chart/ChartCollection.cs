namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>The tests that share one control plane for the chart.</summary>
[CollectionDefinition(nameof(ChartCollection))]
public sealed class ChartCollection : ICollectionFixture<ChartCluster>;
