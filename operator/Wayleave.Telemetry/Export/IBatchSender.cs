using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Export;

/// <summary>Takes a batch to the collector, once.</summary>
internal interface IBatchSender
{
    /// <summary>Whether the key or the authorities have changed since the last attempt.</summary>
    Task<bool> IsRenewedAsync(CancellationToken cancellationToken);

    /// <summary>Never throws but for cancellation: a batch that did not arrive is an outcome.</summary>
    Task<SendOutcome> SendAsync(LedgerBatch batch, CancellationToken cancellationToken);
}
