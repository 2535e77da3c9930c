namespace Wayleave.Telemetry.Ledgers;

/// <summary>
/// Where the ledger is kept. One call at a time is made. Any exception means "not now": work goes on and the failure is counted. A
/// <see cref="LedgerStoreException"/> says in words what the administrator can do about it.
/// </summary>
public interface ILedgerStore
{
    /// <summary>Null if nothing is stored yet.</summary>
    Task<LedgerSnapshot?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces all that is stored.</summary>
    /// <param name="entries">At most some 100 kB in all.</param>
    /// <param name="version">The version that this replaces; null to create.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The new version; null, with nothing changed, if what is stored is not of <paramref name="version"/> (any more).</returns>
    Task<string?> SaveAsync(IReadOnlyDictionary<string, string> entries, string? version, CancellationToken cancellationToken);
}
