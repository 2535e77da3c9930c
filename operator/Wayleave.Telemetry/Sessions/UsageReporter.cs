using System.Collections.Immutable;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Sessions;

/// <summary>Moves counts into the ledger and from there to the collector. One flush runs at a time; a second caller waits.</summary>
/// <param name="aggregator">Where counts come from.</param>
/// <param name="keeper">Where they are kept until they are acknowledged.</param>
/// <param name="origins">Resolves the sender.</param>
/// <param name="exporter">Exports batches. Null without an endpoint.</param>
/// <param name="sink">Shows records locally.</param>
/// <param name="time">The clock of records.</param>
internal sealed class UsageReporter(
    UsageCounter aggregator,
    LedgerManager keeper,
    TelemetryResourceProvider origins,
    BatchExporter? exporter,
    ITelemetryRecordSink sink,
    TimeProvider time) : IAsyncDisposable
{
    // The batch in flight, the counts since, and one more if another replica changed the ledger.
    private const int BatchesPerFlush = 3;

    private const int ObjectsPerGathering = 1024;
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    // One flush at a time, and within it one user of the ledger at a time.
    private readonly AsyncLock _flushing = new();
    private readonly AsyncLock _gate = new();
    private readonly UsageBuffer _intake = new(aggregator, keeper);

    /// <summary>From now on this replica counts. Waits for nothing; nothing else may be under way.</summary>
    public void Begin() => keeper.Begin();

    /// <summary>From now on another replica counts. Nothing else may be under way.</summary>
    public void End() => keeper.End();

    /// <summary>Reloads the ledger. After a failure, each flush retries.</summary>
    public Task<TelemetryResource?> OpenAsync(CancellationToken cancellationToken)
    {
        return _gate.TakeAsync(OpenedAsync, cancellationToken);

        Task<TelemetryResource?> OpenedAsync()
        {
            origins.Reset();
            return ReadyAsync(cancellationToken);
        }
    }

    /// <summary>The description that the ACTIVE counted next carries; safe from any thread.</summary>
    public void Describe(ImmutableArray<RecordAttribute> shape) => _intake.Describe(shape);

    /// <summary>
    /// Waits for objects to change, then lets more changes gather for a moment, the longer the larger the ledger is that each save writes
    /// whole, and moves them into the ledger.
    /// </summary>
    /// <param name="waiting">Ends the waiting.</param>
    /// <param name="cancellationToken">Ends the work too.</param>
    public async Task FollowAsync(CancellationToken waiting, CancellationToken cancellationToken)
    {
        await keeper.ObjectsChangedAsync(waiting);
        await Task.Delay(Gathering * (1 + ((keeper.Ledger?.ObjectCount ?? 0) / ObjectsPerGathering)), time, waiting);
        await CheckpointAsync(cancellationToken);
    }

    /// <summary>Moves what was counted into the ledger and stores it; nothing is sent.</summary>
    public Task CheckpointAsync(CancellationToken cancellationToken)
    {
        return _gate.TakeAsync(CheckpointedAsync, cancellationToken);

        async Task<bool> CheckpointedAsync()
        {
            if (!keeper.IsOpen && !await keeper.OpenAsync(cancellationToken))
            {
                return false;
            }

            _intake.Record();
            await keeper.SaveAsync(cancellationToken);
            return true;
        }
    }

    /// <param name="last">Whether to ignore the backoff, because this is the last attempt.</param>
    /// <param name="cancellationToken">Ends the flush. Nothing counted is lost: it is in the ledger, or waits for the next flush.</param>
    public Task FlushAsync(bool last, CancellationToken cancellationToken) => _flushing.TakeAsync(
        () => exporter is null ? ShowAsync(cancellationToken) : SendAsync(exporter, last, cancellationToken), cancellationToken);

    /// <summary>Waits for the flush that is under way, which the session has cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _flushing.DisposeAsync();
        await _gate.DisposeAsync();
    }

    private async Task<TelemetryResource?> ReadyAsync(CancellationToken cancellationToken)
    {
        var isOpen = keeper.IsOpen || await keeper.OpenAsync(cancellationToken);
        return isOpen ? await origins.ResolveAsync(keeper, cancellationToken) : null;
    }

    private Task<bool> ShowAsync(CancellationToken cancellationToken)
    {
        return _gate.TakeAsync(ShownAsync, cancellationToken);

        async Task<bool> ShownAsync()
        {
            if (await ReadyAsync(cancellationToken) is not { } origin)
            {
                return false;
            }

            _intake.Record();
            var ledger = keeper.Ledger!;
            Show(RecordBuilder.Build(ledger.Pending with { Counts = keeper.TakeUnshown() }, ledger.Totals, origin, time.GetUtcNow()));
            return await keeper.SaveAsync(cancellationToken);
        }
    }

    // The ledger is not locked during the request, so that counts are still stored.
    private async Task<bool> SendAsync(BatchExporter to, bool last, CancellationToken cancellationToken)
    {
        for (var batches = 0; batches < BatchesPerFlush; batches++)
        {
            if (!await _gate.TakeAsync(() => PrepareAsync(cancellationToken), cancellationToken))
            {
                return false;
            }

            if (keeper.Ledger!.InFlight is not { } batch)
            {
                // Nothing to send; or another replica's ledger came in between, and what is pending there is frozen next.
                continue;
            }

            if (!(last || await to.IsDueAsync(cancellationToken)) || await to.DeliverAsync(batch, cancellationToken) is not { } at)
            {
                return false;
            }

            await _gate.TakeAsync(() => AcknowledgeAsync(batch, at, cancellationToken), cancellationToken);
        }

        return true;
    }

    /// <returns>False if nothing may be sent. An unsaved batch would be sent again with other event IDs after a crash.</returns>
    private async Task<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        if (await ReadyAsync(cancellationToken) is not { } origin)
        {
            return false;
        }

        _intake.Record();
        Freeze(origin);
        return await keeper.SaveAsync(cancellationToken);
    }

    private Task<bool> AcknowledgeAsync(LedgerBatch batch, DateTimeOffset at, CancellationToken cancellationToken)
    {
        keeper.Change(ledger => batch.IsSameAs(ledger.InFlight) ? ledger.Acknowledge(at) : ledger);
        return keeper.SaveAsync(cancellationToken);
    }

    private void Freeze(TelemetryResource origin)
    {
        if (keeper.Ledger is { InFlight: null, Pending.Counts.IsEmpty: false })
        {
            keeper.Change(ledger => ledger.Freeze(origin, time.GetUtcNow()));
            Show(keeper.Ledger!.InFlight!.Records);
        }
    }

    private void Show(ImmutableArray<UsageRecord> records)
    {
        foreach (var record in records)
        {
            sink.Show(record);
        }
    }
}
