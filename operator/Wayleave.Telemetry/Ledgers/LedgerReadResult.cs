using System.Collections.Immutable;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>What could be read of a stored ledger.</summary>
/// <param name="Ledger">With a fresh start for each part that could not be read.</param>
/// <param name="UnreadableKeys">The keys of those parts.</param>
internal sealed record LedgerReadResult(Ledger Ledger, ImmutableArray<string> UnreadableKeys);
