using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Moves counts into the ledger and from there to the collector. One flush runs at a time; a second caller waits.</summary>
/// <param name="exporter">Exports batches. Null without an endpoint.</param>
/// <param name="sink">Gets each record too. Null for none.</param>
internal sealed class UsageReporter(
    UsageCounter counter, LedgerManager ledgerManager, TelemetryResourceProvider resourceProvider, TimeProvider time,
    BatchExporter? exporter = null, LoggerRecordSink? sink = null) : IAsyncDisposable
{
    // The batch in flight, the counts since, and one more if another replica changed the ledger.
    private const int BatchesPerFlush = 3;

    private const int ObjectsPerGathering = 1024;
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);
    private static readonly UsageKey Active = new(UsageCatalog.Active);

    // One flush at a time, and within it one user of the ledger at a time.
    private readonly AsyncLock _flushing = new();
    private readonly AsyncLock _gate = new();
    private ImmutableArray<RecordAttribute> _clusterProfile = [];

    /// <summary>From now on this replica counts. Waits for nothing; nothing else may be under way.</summary>
    public void StartCounting() => ledgerManager.StartCounting();

    /// <summary>From now on another replica counts. Nothing else may be under way.</summary>
    public void StopCounting() => ledgerManager.StopCounting();

    /// <summary>Reloads the ledger. After a failure, each flush retries.</summary>
    public Task<TelemetryResource?> OpenAsync(CancellationToken cancellationToken) => _gate.RunAsync(
        () =>
        {
            resourceProvider.Reset();
            return GetResourceAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>The description that the ACTIVE counted next carries; safe from any thread.</summary>
    public void SetClusterProfile(ImmutableArray<RecordAttribute> attributes) =>
        ImmutableInterlocked.InterlockedExchange(ref _clusterProfile, attributes);

    /// <summary>
    /// Waits for objects to change, then lets more changes gather for a moment, the longer the larger the ledger is that each save writes
    /// whole, and moves them into the ledger.
    /// </summary>
    /// <param name="waiting">Ends the waiting.</param>
    public async Task CheckpointChangesAsync(CancellationToken waiting, CancellationToken cancellationToken)
    {
        await ledgerManager.WaitForChangesAsync(waiting);
        await Task.Delay(Gathering * (1 + ((ledgerManager.Ledger?.ObjectCount ?? 0) / ObjectsPerGathering)), time, waiting);
        await CheckpointAsync(cancellationToken);
    }

    /// <summary>Moves what was counted into the ledger and stores it; nothing is sent.</summary>
    public Task CheckpointAsync(CancellationToken cancellationToken) => _gate.RunAsync(
        async () =>
        {
            if (!ledgerManager.IsOpen && !await ledgerManager.OpenAsync(cancellationToken))
            {
                return false;
            }

            MoveToLedger();
            return await ledgerManager.SaveAsync(cancellationToken);
        },
        cancellationToken);

    /// <param name="last">Whether to ignore the backoff, because this is the last attempt.</param>
    /// <param name="cancellationToken">Ends the flush. Nothing counted is lost: it is in the ledger, or waits for the next flush.</param>
    public Task FlushAsync(bool last, CancellationToken cancellationToken) => _flushing.RunAsync(
        () => exporter is null ? WriteLocallyAsync(cancellationToken) : SendAsync(exporter, last, cancellationToken), cancellationToken);

    /// <summary>Waits for the flush that is under way, which the session has canceled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _flushing.DisposeAsync();
        await _gate.DisposeAsync();
    }

    private async Task<TelemetryResource?> GetResourceAsync(CancellationToken cancellationToken)
    {
        var isOpen = ledgerManager.IsOpen || await ledgerManager.OpenAsync(cancellationToken);
        return isOpen ? await resourceProvider.ResolveAsync(ledgerManager, cancellationToken) : null;
    }

    private Task<bool> WriteLocallyAsync(CancellationToken cancellationToken) => _gate.RunAsync(
        async () =>
        {
            if (await GetResourceAsync(cancellationToken) is not { } resource)
            {
                return false;
            }

            MoveToLedger();
            var ledger = ledgerManager.Ledger!;
            var unlogged = ledger.Pending with { Counts = ledgerManager.TakeUnloggedCounts() };
            WriteRecords(RecordBuilder.Build(unlogged, ledger.Totals, resource, time.GetUtcNow()));
            return await ledgerManager.SaveAsync(cancellationToken);
        },
        cancellationToken);

    // The ledger is not locked during the request, so that counts are still stored.
    private async Task<bool> SendAsync(BatchExporter to, bool last, CancellationToken cancellationToken)
    {
        for (var batches = 0; batches < BatchesPerFlush; batches++)
        {
            if (!await _gate.RunAsync(() => PrepareAsync(cancellationToken), cancellationToken))
            {
                return false;
            }

            if (ledgerManager.Ledger!.InFlight is not { } batch)
            {
                // Nothing to send; or another replica's ledger came in between, and what is pending there becomes the next batch.
                continue;
            }

            if (!(last || await to.IsDueAsync(cancellationToken)) || await to.ExportAsync(batch, cancellationToken) is not { } at)
            {
                return false;
            }

            await _gate.RunAsync(() => AcknowledgeAsync(batch, at, cancellationToken), cancellationToken);
        }

        return true;
    }

    /// <returns>False if nothing may be sent. An unsaved batch would be sent again with other event IDs after a crash.</returns>
    private async Task<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        if (await GetResourceAsync(cancellationToken) is not { } resource)
        {
            return false;
        }

        MoveToLedger();
        if (ledgerManager.Ledger is { InFlight: null, Pending.Counts.IsEmpty: false })
        {
            ledgerManager.Change(ledger => ledger.CreateBatch(resource, time.GetUtcNow()));
            WriteRecords(ledgerManager.Ledger!.InFlight!.Records);
        }

        return await ledgerManager.SaveAsync(cancellationToken);
    }

    private Task<bool> AcknowledgeAsync(LedgerBatch batch, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ledgerManager.Change(ledger => batch.IsSameAs(ledger.InFlight) ? ledger.Acknowledge(at) : ledger);
        return ledgerManager.SaveAsync(cancellationToken);
    }

    private void MoveToLedger()
    {
        var counts = counter.Drain();
        ledgerManager.Count(UsageDelta.None with { Counts = counts });

        // The profile is set before ACTIVE is counted. Without ACTIVE, it is kept for the next one.
        if (counts[Active] > 0 && ImmutableInterlocked.InterlockedExchange(ref _clusterProfile, []) is { IsEmpty: false } attributes)
        {
            ledgerManager.Change(ledger => ledger.SetClusterProfile(attributes));
        }

        ledgerManager.CountObjects();
    }

    private void WriteRecords(ImmutableArray<UsageRecord> records)
    {
        foreach (var record in records)
        {
            sink?.Write(record);
        }
    }
}

/// <summary>An asynchronous mutual-exclusion lock.</summary>
internal sealed class AsyncLock : IAsyncDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _semaphore.Release();
        }
    }

    /// <summary>Waits until the lock is free. It must not be used afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await _semaphore.WaitAsync();
        _semaphore.Dispose();
    }
}
