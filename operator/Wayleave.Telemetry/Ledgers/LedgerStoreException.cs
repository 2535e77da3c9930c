namespace Wayleave.Telemetry.Ledgers;

/// <summary>
/// The ledger cannot be read or written now. The message is for the administrator's log: what is wrong, where, and how to fix it.
/// </summary>
public sealed class LedgerStoreException(string message, Exception? innerException = null) : Exception(message, innerException);
