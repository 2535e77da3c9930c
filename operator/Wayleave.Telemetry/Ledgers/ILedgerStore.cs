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
    /// <returns>The new version; null, with nothing changed, if what is stored is not of <paramref name="version"/> (any more).</returns>
    Task<string?> SaveAsync(IReadOnlyDictionary<string, string> entries, string? version, CancellationToken cancellationToken);
}

/// <summary>The ledger as it is stored: readable texts by readable keys, as in the <c>data</c> of a ConfigMap.</summary>
/// <param name="Version">The store's mark of this state, opaque; a ConfigMap's <c>resourceVersion</c>.</param>
/// <param name="Position">
///  The resourceVersion of the write, if it is comparable with those of the counted objects. Objects with later positions come from another
/// cluster.
/// </param>
public sealed record LedgerSnapshot(IReadOnlyDictionary<string, string> Entries, string Version, long? Position = null);

/// <summary>
/// The ledger cannot be read or written now. The message is for the administrator's log: what is wrong, where, and how to fix it.
/// </summary>
public sealed class LedgerStoreException(string message, Exception? innerException = null) : Exception(message, innerException);

internal enum SaveResult
{
    Saved,

    /// <summary>Another replica stored meanwhile.</summary>
    Conflict,

    Failed,
}
