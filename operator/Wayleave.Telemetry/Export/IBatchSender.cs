using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Export;

/// <summary>Sends a batch to the collector, without retries.</summary>
internal interface IBatchSender
{
    /// <summary>Whether the key or the authorities have changed since the last attempt.</summary>
    Task<bool> IsRenewedAsync(CancellationToken cancellationToken);

    /// <summary>Throws only on cancellation. A failure is an outcome.</summary>
    Task<SendResult> SendAsync(LedgerBatch batch, CancellationToken cancellationToken);
}

/// <summary>Reports, at most once a day, that a batch has been waiting for longer than a day.</summary>
public interface IDeliveryReporter
{
    /// <summary>Must neither wait nor throw.</summary>
    /// <param name="reason">Why the last attempt failed: a word of a closed set, or a status number.</param>
    /// <param name="since">Since when the batch waits; kept in the ledger, so a restart does not move it.</param>
    void Report(string reason, DateTimeOffset since);
}
