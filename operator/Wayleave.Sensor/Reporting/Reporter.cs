using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Wayleave.Ingest.V1;

namespace Wayleave.Sensor.Reporting;

/// <summary>
/// Sends a batch at each interval, and earlier if there is a new name, which an egress policy may wait for. One that was not acknowledged
/// is sent again with the same bytes, and no other is made meanwhile.
/// </summary>
internal sealed partial class Reporter(
    BatchBuilder builder, IMapperClient client, Action markAllDue, TimeSpan interval, TimeProvider time, ILogger<Reporter> logger)
{
    private static readonly TimeSpan _pauseBetweenBatches = TimeSpan.FromSeconds(1);

    // So that a burst of new names is one batch, and names that a program makes up are not one each.
    private static readonly TimeSpan _pauseBeforeNewNames = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _lookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _firstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _resyncInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _lastReportTimeout = TimeSpan.FromSeconds(2);

    private BuiltBatch? _batch;
    private int _failures;
    private ByteString? _term;
    private long? _resyncedAt;
    private bool? _isReachable;
    private bool _isRejected;
    private bool _mayBeEarly = true;

    /// <summary>Batches that the mapper refused to take.</summary>
    public long Rejected { get; private set; }

    /// <summary>Runs until it is canceled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var delay = interval;
            while (true)
            {
                await WaitAsync(delay, cancellationToken);
                delay = await ReportAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    /// <summary>Sends what is left within two seconds, because the program ends.</summary>
    public async Task ReportLastAsync()
    {
        using var timeout = new CancellationTokenSource(_lastReportTimeout, time);
        try
        {
            if (_batch is not null)
            {
                await ReportAsync(timeout.Token);
            }

            if (_batch is null)
            {
                await ReportAsync(timeout.Token);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            // The mapper is away: nothing more can be done.
        }
    }

    // A timer does not wait for a part of a millisecond.
    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (delay - time.GetElapsedTime(start) is var rest && rest >= TimeSpan.FromMilliseconds(1))
        {
            if (_mayBeEarly && builder.HasNewNames && time.GetElapsedTime(start) >= _pauseBeforeNewNames)
            {
                return;
            }

            await Task.Delay(_mayBeEarly && _lookInterval < rest ? _lookInterval : rest, time, cancellationToken);
        }
    }

    /// <returns>How long to wait before the next report.</returns>
    private async Task<TimeSpan> ReportAsync(CancellationToken cancellationToken)
    {
        _mayBeEarly = true;
        _batch ??= builder.Build();
        if (_batch is null)
        {
            return interval;
        }

        var result = await client.SendAsync(_batch.Body, cancellationToken);
        switch (result)
        {
            case SendResult.Accepted accepted:
                return Accept(accepted.Ack);
            case SendResult.Rejected rejected:
                return Drop(rejected.Reason);
            case SendResult.Failed failed:
                ReportReachability(isReachable: false, failed.Reason);
                _mayBeEarly = false;
                return Max(NextBackoff(), failed.Wait ?? TimeSpan.Zero);
            default:
                throw new InvalidOperationException("unknown result");
        }
    }

    private TimeSpan Accept(Ack ack)
    {
        ReportReachability(isReachable: true, reason: "");
        _isRejected = false;
        var delay = _batch!.HasMore ? _pauseBetweenBatches : interval;
        _batch = null;
        _failures = 0;
        _mayBeEarly = ack.WaitMs == 0;
        if (IsResyncDue(ack))
        {
            markAllDue();
        }

        return Max(delay, TimeSpan.FromMilliseconds(ack.WaitMs));
    }

    // What another map acknowledged may be lost, because a mapper stores it later. Before the first term nothing was acknowledged.
    private bool IsResyncDue(Ack ack)
    {
        var isOther = _term is not null && ack.Term != _term;
        _term = ack.Term;
        if (!ack.Term.IsEmpty)
        {
            return isOther;
        }

        // A mapper that knows no terms, and asks with each answer for a while.
        var isDue = ack.Resync && (_resyncedAt is not { } resyncedAt || time.GetElapsedTime(resyncedAt) >= _resyncInterval);
        _resyncedAt = isDue ? time.GetTimestamp() : _resyncedAt;
        return isDue;
    }

    private TimeSpan Drop(string reason)
    {
        Rejected++;
        if (!_isRejected)
        {
            _isRejected = true;
            LogRejected(reason, _batch!.Sequence);
        }

        _batch = null;
        _failures = 0;
        return interval;
    }

    private void ReportReachability(bool isReachable, string reason)
    {
        if (_isReachable == isReachable)
        {
            return;
        }

        _isReachable = isReachable;
        if (isReachable)
        {
            LogReachable();
        }
        else
        {
            LogUnreachable(reason);
        }
    }

    // Doubles with each failure, with jitter, so that the sensors of a cluster do not all try at once.
    private TimeSpan NextBackoff()
    {
        const int MaxDoublings = 16;
        var delay = _firstBackoff * Math.Pow(2, Math.Min(_failures++, MaxDoublings));
        return (delay < _longestBackoff ? delay : _longestBackoff) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    private static TimeSpan Max(TimeSpan delay, TimeSpan wait)
    {
        var longer = delay > wait ? delay : wait;
        return longer < _longestWait ? longer : _longestWait;
    }

    [LoggerMessage(LogLevel.Information, "Mapper accepts batches")]
    private partial void LogReachable();

    [LoggerMessage(LogLevel.Warning, "Mapper does not accept batches ({Reason}); will retry")]
    private partial void LogUnreachable(string reason);

    [LoggerMessage(LogLevel.Error, "Mapper rejected batch {Sequence} ({Reason}); dropped it, and will not log others until one is accepted")]
    private partial void LogRejected(string reason, ulong sequence);
}
