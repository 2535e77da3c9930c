using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Sessions;

/// <summary>
/// Runs telemetry while this replica leads. It can be started and stopped any number of times, by one caller at a time. A failure of
/// telemetry is never thrown, and counting never waits for it.
/// </summary>
public sealed partial class TelemetrySession : IAsyncDisposable
{
    private static readonly TimeSpan ScheduleRetryInterval = TimeSpan.FromMinutes(1);

    private readonly UsageCounter _counter;
    private readonly UsageReporter _reporter;
    private readonly ActiveEventReporter _active;
    private readonly ITelemetryScheduler _scheduler;
    private readonly TimeProvider _time;
    private readonly ILogger<TelemetrySession> _logger;

    private IAsyncDisposable? _schedule;
    private CancellationTokenSource? _running;
    private CancellationTokenSource? _waiting;
    private Task _background = Task.CompletedTask;
    private bool _startCounted;

    internal TelemetrySession(
        UsageCounter counter, UsageReporter reporter, ActiveEventReporter active, ITelemetryScheduler scheduler, TimeProvider time,
        ILogger<TelemetrySession> logger) =>
        (_counter, _reporter, _active, _scheduler, _time, _logger) = (counter, reporter, active, scheduler, time, logger);

    /// <summary>
    /// Counts from the moment of the call on; then loads the ledger, counts STARTED (the first time in a process) and schedules flushes and
    /// ACTIVE. Returns when that was tried once. A ledger that cannot be loaded is tried again at each flush; a schedule that cannot be
    /// started is tried again every minute.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_running is not null)
        {
            return;
        }

        if (!_startCounted)
        {
            _counter.Add(UsageCatalog.Started);
            _startCounted = true;
        }

        _reporter.StartCounting();
        var running = new CancellationTokenSource();
        _running = running;
        _waiting = CancellationTokenSource.CreateLinkedTokenSource(running.Token);
        await GuardAsync(() => ScheduleAsync(running.Token, cancellationToken), cancellationToken);
        _background = Task.WhenAll(
            CheckpointChangesAsync(_waiting.Token, running.Token), RetryScheduleAsync(_waiting.Token, running.Token));
    }

    /// <summary>Moves what was counted into the ledger, and sends it if an attempt is due. Does nothing unless started.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) =>
        _running is null ? Task.CompletedTask : GuardAsync(() => _reporter.FlushAsync(last: false, cancellationToken), cancellationToken);

    /// <summary>
    /// Ends the schedule and flushes a last time, for as long as the token allows; what is not acknowledged by then stays in the
    /// ledger for the next leader. Does nothing unless started.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_running is not { } running || _waiting is not { } waiting)
        {
            return;
        }

        (_running, _waiting) = (null, null);
        await using (cancellationToken.Register(running.Cancel))
        {
            await waiting.CancelAsync();
            await _background;
            if (_schedule is { } schedule)
            {
                _schedule = null;
                await schedule.DisposeAsync();
            }

            // Waits for a flush in progress, which may still succeed.
            await GuardAsync(() => _reporter.FlushAsync(last: true, cancellationToken), cancellationToken);
        }

        _reporter.StopCounting();
        waiting.Dispose();
        running.Dispose();
    }

    /// <summary>Ends the schedule, without a last flush.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    private async Task ScheduleAsync(CancellationToken running, CancellationToken cancellationToken)
    {
        var resource = await _reporter.OpenAsync(cancellationToken);

        // Save at once, so that the start is counted even if the process crashes soon.
        await _reporter.CheckpointAsync(cancellationToken);
        _schedule = await _scheduler.StartAsync(
            resource?.Context ?? ContextId.CreateRandom(),
            _ => GuardAsync(() => FlushAsync(running), running),
            _ => GuardAsync(() => _active.ReportAsync(running), running),
            cancellationToken);
    }

    private async Task RetryScheduleAsync(CancellationToken waiting, CancellationToken running)
    {
        while (_schedule is null && !waiting.IsCancellationRequested)
        {
            await GuardAsync(WaitAndScheduleAsync, waiting);
        }

        async Task WaitAndScheduleAsync()
        {
            await Task.Delay(ScheduleRetryInterval, _time, waiting);
            await ScheduleAsync(running, waiting);
        }
    }

    private async Task CheckpointChangesAsync(CancellationToken waiting, CancellationToken running)
    {
        while (!waiting.IsCancellationRequested)
        {
            await GuardAsync(() => _reporter.CheckpointChangesAsync(waiting, running), waiting);
        }
    }

    private async Task GuardAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogEnded();
        }
        catch (Exception exception)
        {
            _counter.CountError(ErrorComponent.Telemetry, exception.GetType());
            LogFailed(exception);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Telemetry: stopped before it was done; pending counts stay in the ledger")]
    private partial void LogEnded();

    [LoggerMessage(LogLevel.Error, "Telemetry failed; the operator continues")]
    private partial void LogFailed(Exception exception);
}
