namespace Wayleave.Telemetry.Ledgers;

/// <summary>The ledger as it is stored: readable texts by readable keys, as in the <c>data</c> of a ConfigMap.</summary>
/// <param name="Entries">The texts by key.</param>
/// <param name="Version">The store's mark of this state, opaque; a ConfigMap's <c>resourceVersion</c>.</param>
public sealed record LedgerSnapshot(IReadOnlyDictionary<string, string> Entries, string Version);
