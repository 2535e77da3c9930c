using System.Collections.Immutable;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Sessions;

/// <summary>
/// Moves counts from the aggregator into the ledger and from there to the collector. One flush at a time; a second caller waits.
/// </summary>
/// <param name="aggregator">Where counts come from.</param>
/// <param name="keeper">Where they are kept until they are acknowledged.</param>
/// <param name="origins">As whom they are sent.</param>
/// <param name="courier">The way out; null without an endpoint.</param>
/// <param name="sink">Shows records locally.</param>
/// <param name="time">The clock of records.</param>
internal sealed class UsageReporter(
    UsageAggregator aggregator,
    LedgerKeeper keeper,
    OriginResolver origins,
    BatchCourier? courier,
    ITelemetryRecordSink sink,
    TimeProvider time) : IAsyncDisposable
{
    // What was pending, what piled up behind it, and one more if another replica's ledger came in between.
    private const int BatchesPerFlush = 3;

    private static readonly UsageKey Active = new(UsageCatalogue.Active);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private ImmutableArray<RecordAttribute> _shape = [];
    private bool _open;

    /// <summary>Reads the ledger anew. A failure is no obstacle: each flush tries again until it succeeds.</summary>
    public Task<RecordOrigin?> OpenAsync(CancellationToken cancellationToken)
    {
        return AloneAsync(OpenedAsync, cancellationToken);

        Task<RecordOrigin?> OpenedAsync()
        {
            _open = false;
            origins.Reset();
            return ReadyAsync(cancellationToken);
        }
    }

    /// <summary>The description that the ACTIVE counted next carries; safe from any thread.</summary>
    public void Describe(ImmutableArray<RecordAttribute> shape) =>
        ImmutableInterlocked.InterlockedExchange(ref _shape, shape);

    /// <param name="last">Try even while the collector is left alone after a failure: there will be no later attempt.</param>
    /// <param name="cancellationToken">Ends the flush. Nothing counted is lost: it is in the ledger, or waits for the next flush.</param>
    public Task FlushAsync(bool last, CancellationToken cancellationToken)
    {
        return AloneAsync(FlushedAsync, cancellationToken);

        async Task<bool> FlushedAsync()
        {
            if (await ReadyAsync(cancellationToken) is not { } origin)
            {
                return false;
            }

            Record(origin);
            if (courier is not null)
            {
                await SendAsync(courier, origin, last, cancellationToken);
            }

            await keeper.SaveAsync(cancellationToken);
            return true;
        }
    }

    /// <summary>Waits for the flush that is under way, which the session has cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        _gate.Dispose();
    }

    private async Task<RecordOrigin?> ReadyAsync(CancellationToken cancellationToken)
    {
        _open = _open || await keeper.OpenAsync(cancellationToken);
        return _open ? await origins.ResolveAsync(keeper, cancellationToken) : null;
    }

    private void Record(RecordOrigin origin)
    {
        var delta = aggregator.Drain();
        keeper.Count(delta);

        // A shape is set before its ACTIVE is counted, so it is there by now; without its ACTIVE it waits for it.
        if (delta.Counts[Active] > 0 && ImmutableInterlocked.InterlockedExchange(ref _shape, []) is { IsEmpty: false } shape)
        {
            keeper.Describe(shape);
        }

        if (courier is null)
        {
            var ledger = keeper.Ledger!;
            Show(RecordBuilder.Build(ledger.Pending with { Counts = delta.Counts }, ledger.Totals, origin, time.GetUtcNow()));
        }
    }

    private async Task SendAsync(BatchCourier to, RecordOrigin origin, bool last, CancellationToken cancellationToken)
    {
        for (var batches = 0; batches < BatchesPerFlush; batches++)
        {
            Freeze(origin);
            await keeper.SaveAsync(cancellationToken);
            if (keeper.Ledger!.InFlight is not { } batch)
            {
                // Nothing to send; or another replica's ledger came in between, and what is pending there is frozen next.
                continue;
            }

            if (!(to.IsDue || last) || await to.DeliverAsync(batch, cancellationToken) is not { } at)
            {
                return;
            }

            keeper.Change(ledger => ledger.Acknowledge(at));
        }
    }

    private void Freeze(RecordOrigin origin)
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

    private async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _gate.Release();
        }
    }
}
