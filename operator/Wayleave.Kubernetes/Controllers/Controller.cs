using System.Collections.Concurrent;
using System.Diagnostics;
using k8s;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tracing;

namespace Wayleave.Kubernetes.Controllers;

/// <summary>Reconciles the keys of a queue with a number of workers, and turns each result into a requeue.</summary>
public sealed partial class Controller<TKey>(
    RateLimitingQueue<TKey> queue,
    IReconciler<TKey> reconciler,
    ControllerOptions options,
    KubernetesMetrics metrics,
    TimeProvider time,
    ILogger<Controller<TKey>> logger) : IController
    where TKey : struct, INamespacedKey
{
    // A short outage of the API server is normal and fails every queued key.
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<TKey, long> _running = new();
    private readonly FailureTracker<TKey> _failures = new(time);
    private readonly string _kind = options.Cluster is null ? options.Kind : $"{options.Kind} of cluster {options.Cluster}";

    public string Name => options.Name;

    /// <summary>The duration of the longest running reconcile. Zero if none is running.</summary>
    public TimeSpan LongestRunning => _running.Values.Select(started => time.GetElapsedTime(started)).DefaultIfEmpty().Max();

    public async Task RunAsync(CancellationToken drain, CancellationToken abort)
    {
        using var tracked = metrics.TrackLongestRunning(options.Name, () => LongestRunning);
        await Task.WhenAll(
            Enumerable.Range(0, options.Workers).Select(_ => Task.Run(() => RunWorkerAsync(drain, abort), CancellationToken.None)));
    }

    private async Task RunWorkerAsync(CancellationToken drain, CancellationToken abort)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(drain, abort);

        // The controllers of a member cluster are started by a reconcile, and are not part of its trace.
        Activity.Current = null;
        try
        {
            // Do not check the linked token: it is canceled a moment later, so an interrupted key would be processed again.
            while (!drain.IsCancellationRequested && !abort.IsCancellationRequested)
            {
                await ProcessAsync(await queue.GetAsync(stopping.Token), abort);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped while waiting. Queued keys stay in the queue.
        }
    }

    private async Task ProcessAsync(TKey key, CancellationToken abort)
    {
        var started = time.GetTimestamp();
        _running[key] = started;
        using var span = new ReconcileSpan<TKey>(options, queue, key);
        try
        {
            HandleResult(key, await reconciler.ReconcileAsync(key, abort), span);
        }
        catch (Exception error) when (abort.IsCancellationRequested)
        {
            HandleInterruption(key, error, span);
            queue.Add(key);
        }
        catch (WriteFencedException error)
        {
            // Leadership was lost and the abort follows. Back off until then.
            HandleInterruption(key, error, span);
            queue.AddRateLimited(key);
        }
#pragma warning disable CA1031 // A failure of one key must not stop the worker. It is logged, counted and retried.
        catch (Exception error)
#pragma warning restore CA1031
        {
            HandleError(key, error, span);
        }
        finally
        {
            _running.TryRemove(key, out _);
            queue.Done(key);
            metrics.RecordWorkDuration(options.Name, time.GetElapsedTime(started));
        }
    }

    private void HandleResult(TKey key, ReconciliationResult result, ReconcileSpan<TKey> span)
    {
        metrics.RecordReconcile(options.Name, result.Name);
        span.SetResult(result.Name, result.StallReason);
        queue.Forget(key);
        _failures.RecordSuccess(key);
        if (result.Delay is { } delay)
        {
            queue.AddAfter(key, delay);
        }
        else if (result.StallReason is { } reason)
        {
            LogStalled(_kind, key.Namespace, key.Name, reason);
        }
    }

    private void HandleInterruption(TKey key, Exception error, ReconcileSpan<TKey> span)
    {
        span.SetResult("interrupted");
        LogInterrupted(_kind, key.Namespace, key.Name, error.Message);
    }

    private void HandleError(TKey key, Exception error, ReconcileSpan<TKey> span)
    {
        metrics.RecordReconcile(options.Name, "error");
        span.SetFailed(error);
        queue.AddRateLimited(key);
        if (error is not KubernetesException { IsConflict: true })
        {
            options.OnError?.Invoke(new ReconcileFailure(key.Namespace, key.Name, queue.NumRequeues(key), error));
        }

        LogFailure(key, error);
    }

    // A transient failure, including a conflict, is a warning only if it lasts, and never has a stack trace.
    private void LogFailure(TKey key, Exception error)
    {
        var isExpected = error is KubernetesException or HttpRequestException or TimeoutException;
        var failure = _failures.RecordFailure(key, isExpected ? _grace : TimeSpan.Zero);
        if (!failure.IsWarningDue)
        {
            LogRetried(_kind, key.Namespace, key.Name, failure.ConsecutiveFailures, error.Message);
        }
        else if (isExpected)
        {
            LogFailed(_kind, key.Namespace, key.Name, failure.ConsecutiveFailures, failure.FailingKeys, error.Message);
        }
        else
        {
            LogUnexpected(error, _kind, key.Namespace, key.Name, failure.ConsecutiveFailures, failure.FailingKeys);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Reconcile of {Kind} {ObjectNamespace}/{ObjectName} interrupted: {Reason}")]
    private partial void LogInterrupted(string kind, string objectNamespace, string objectName, string reason);

    [LoggerMessage(LogLevel.Debug, "Reconcile of {Kind} {ObjectNamespace}/{ObjectName} stalled: {Reason}")]
    private partial void LogStalled(string kind, string objectNamespace, string objectName, string reason);

    [LoggerMessage(LogLevel.Debug, "Reconcile of {Kind} {ObjectNamespace}/{ObjectName} failed (attempt {Times}); will retry: {Reason}")]
    private partial void LogRetried(string kind, string objectNamespace, string objectName, int times, string reason);

    [LoggerMessage(
        LogLevel.Warning,
        "Reconcile of {Kind} {ObjectNamespace}/{ObjectName} keeps failing (attempt {Times}, {FailingKeys} failing keys); will retry: {Reason}")]
    private partial void LogFailed(string kind, string objectNamespace, string objectName, int times, int failingKeys, string reason);

    [LoggerMessage(
        LogLevel.Error,
        "Reconcile of {Kind} {ObjectNamespace}/{ObjectName} failed unexpectedly (attempt {Times}, {FailingKeys} failing keys); will retry")]
    private partial void LogUnexpected(
        Exception error, string kind, string objectNamespace, string objectName, int times, int failingKeys);
}

public sealed record ControllerOptions
{
    /// <summary>The name in metrics and traces.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of object that the keys name, for logs and traces.</summary>
    public required string Kind { get; init; }

    /// <summary>The member cluster of the objects, for logs and traces. Null for the operator's own cluster.</summary>
    public string? Cluster { get; init; }

    /// <summary>Starts the span of each reconcile.</summary>
    public required KubernetesTracing Tracing { get; init; }

    /// <summary>The number of keys that are reconciled concurrently.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Called on each failure except conflicts. It must not throw.</summary>
    public Action<ReconcileFailure>? OnError { get; init; }
}

/// <summary>A reconcile failed and is retried.</summary>
/// <param name="Namespace">The namespace of the key. Empty if it has none.</param>
/// <param name="Attempt">1 for the first, and for the first after a success.</param>
public readonly record struct ReconcileFailure(string Namespace, string Name, int Attempt, Exception Error);

/// <summary>A controller of any key type, for the code that runs it.</summary>
public interface IController
{
    string Name { get; }

    /// <summary>
    /// Reconciles until <paramref name="drain"/>, then finishes the keys in progress. <paramref name="abort"/> cancels those too and
    /// requeues their keys. It can run again afterwards.
    /// </summary>
    Task RunAsync(CancellationToken drain, CancellationToken abort);
}
