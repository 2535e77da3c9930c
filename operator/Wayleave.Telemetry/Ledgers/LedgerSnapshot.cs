namespace Wayleave.Telemetry.Ledgers;

/// <summary>The ledger as it is stored: readable texts by readable keys, as in the <c>data</c> of a ConfigMap.</summary>
/// <param name="Entries">The texts by key.</param>
/// <param name="Version">The store's mark of this state, opaque; a ConfigMap's <c>resourceVersion</c>.</param>
/// <param name="Position">
/// Where it was written, if the store counts on with the streams of the kinds that are counted: registers that claim to be from later were
/// brought here from another cluster.
/// </param>
public sealed record LedgerSnapshot(IReadOnlyDictionary<string, string> Entries, string Version, long? Position = null);
