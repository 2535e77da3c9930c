using System.Collections.Concurrent;
using System.Diagnostics;
using k8s;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Kubernetes.Controllers;

/// <summary>Takes keys from a queue and reconciles them; the one place where an outcome becomes a requeue.</summary>
public sealed partial class Controller<TKey>(
    RateLimitingQueue<TKey> queue,
    IReconciler<TKey> reconciler,
    ControllerOptions options,
    KubernetesMetrics metrics,
    TimeProvider time,
    ILogger<Controller<TKey>> logger) : IController
    where TKey : struct, INamespacedKey
{
    // An API server that is away for some seconds is everyday life, for every key that waits.
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<TKey, long> _running = new();
    private readonly FailureTracker<TKey> _failures = new(time);

    public string Name => options.Name;

    /// <summary>How long the work that has been going on for longest has taken; zero when there is none.</summary>
    public TimeSpan LongestRunning
    {
        get
        {
            var longest = TimeSpan.Zero;
            foreach (var started in _running.Values)
            {
                var elapsed = time.GetElapsedTime(started);
                longest = elapsed > longest ? elapsed : longest;
            }

            return longest;
        }
    }

    public async Task RunAsync(CancellationToken drain, CancellationToken abort)
    {
        using var tracked = metrics.TrackLongestRunning(options.Name, () => LongestRunning);
        await Task.WhenAll(
            Enumerable.Range(0, options.Workers).Select(_ => Task.Run(() => WorkAsync(drain, abort), CancellationToken.None)));
    }

    private async Task WorkAsync(CancellationToken drain, CancellationToken abort)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drain, abort);
        try
        {
            while (!either.IsCancellationRequested)
            {
                await WorkOnAsync(await queue.TakeAsync(either.Token), abort);
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Nothing was taken; whatever waits is still in the queue.
        }
    }

    private async Task WorkOnAsync(TKey key, CancellationToken abort)
    {
        var started = time.GetTimestamp();
        _running[key] = started;
        using var activity = new Activity(options.Name).Start();
        try
        {
            Settle(key, await reconciler.ReconcileAsync(key, abort));
        }
        catch (Exception error) when (abort.IsCancellationRequested)
        {
            LogInterrupted(options.Kind, key.Namespace, key.Name, error.Message);
            queue.Add(key);
        }
        catch (WriteFencedException error)
        {
            // The abort is on its way. Until it is here, trying at once would only spin against the fence.
            LogInterrupted(options.Kind, key.Namespace, key.Name, error.Message);
            queue.AddRateLimited(key);
        }
#pragma warning disable CA1031 // Whatever went wrong with one key must not stop the worker: it is logged, counted and tried again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(key, error);
        }
        finally
        {
            _running.TryRemove(key, out _);
            queue.Done(key);
            metrics.Worked(options.Name, time.GetElapsedTime(started));
        }
    }

    private void Settle(TKey key, ReconciliationResult result)
    {
        metrics.Reconciled(options.Name, result.Name);
        queue.Forget(key);
        _failures.Succeeded(key);
        switch (result)
        {
            case ReconciliationResult.RequeueAfterResult later:
                queue.AddAfter(key, later.Delay);
                break;
            case ReconciliationResult.StalledResult stalled:
                LogStalled(options.Kind, key.Namespace, key.Name, stalled.Reason);
                break;
            default:
                break;
        }
    }

    private void Fail(TKey key, Exception error)
    {
        metrics.Reconciled(options.Name, "error");
        queue.AddRateLimited(key);
        if (error is not KubernetesException { IsConflict: true })
        {
            options.Failed?.Invoke(error);
        }

        LogFailure(key, error);
    }

    // A failure that may pass by itself is worth a warning when it does not, and never a stack trace. A conflict is one of these: the next
    // try sees what the other writer wrote.
    private void LogFailure(TKey key, Exception error)
    {
        var isExpected = error is KubernetesException or HttpRequestException or TimeoutException;
        var failure = _failures.Failed(key, isExpected ? _grace : TimeSpan.Zero);
        if (!failure.IsWarningDue)
        {
            LogRetried(options.Kind, key.Namespace, key.Name, failure.Times, error.Message);
        }
        else if (isExpected)
        {
            LogFailed(options.Kind, key.Namespace, key.Name, failure.Times, failure.FailingKeys, error.Message);
        }
        else
        {
            LogUnexpected(error, options.Kind, key.Namespace, key.Name, failure.Times, failure.FailingKeys);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Kind} {ObjectNamespace}/{ObjectName}: interrupted: {Reason}")]
    private partial void LogInterrupted(string kind, string objectNamespace, string objectName, string reason);

    [LoggerMessage(LogLevel.Debug, "{Kind} {ObjectNamespace}/{ObjectName}: stalled: {Reason}")]
    private partial void LogStalled(string kind, string objectNamespace, string objectName, string reason);

    [LoggerMessage(LogLevel.Debug, "{Kind} {ObjectNamespace}/{ObjectName}: reconcile failed (attempt {Times}), will retry: {Reason}")]
    private partial void LogRetried(string kind, string objectNamespace, string objectName, int times, string reason);

    [LoggerMessage(
        LogLevel.Warning,
        "{Kind} {ObjectNamespace}/{ObjectName}: reconcile keeps failing (attempt {Times}; {FailingKeys} keys fail), will retry: {Reason}")]
    private partial void LogFailed(string kind, string objectNamespace, string objectName, int times, int failingKeys, string reason);

    [LoggerMessage(
        LogLevel.Error,
        "{Kind} {ObjectNamespace}/{ObjectName}: reconcile failed unexpectedly (attempt {Times}; {FailingKeys} keys fail), will retry")]
    private partial void LogUnexpected(
        Exception error, string kind, string objectNamespace, string objectName, int times, int failingKeys);
}
