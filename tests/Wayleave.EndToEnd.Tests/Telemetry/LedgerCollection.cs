namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>The tests that share <see cref="TelemetryCluster"/>; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LedgerCollection : ICollectionFixture<TelemetryCluster>
{
    public const string Name = "ledger";
}
