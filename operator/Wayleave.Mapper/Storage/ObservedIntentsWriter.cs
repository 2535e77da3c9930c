using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Mapper.Metrics;
using Wayleave.Mapper.Observing;
using Wayleave.Observation.Maps;
using Wayleave.Observation.Resolution;

namespace Wayleave.Mapper.Storage;

/// <summary>
/// Stores the map: ten objects a second, the most urgent first. An object that somebody deleted is not written again with its old calls:
/// each write names the UID of the object that it is for.
/// </summary>
internal sealed partial class ObservedIntentsWriter(
    IKubernetesClient client, MapState state, MapMetrics metrics, TimeProvider time, ILogger<ObservedIntentsWriter> logger)
{
    private const int WritesPerSecond = 10;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _throttledInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _retryInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(30);

    private readonly FailureTracker<ObjectKey> _failures = new(time);

    /// <summary>Runs until it is canceled. Also tries again what waits for a Pod.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retriedAt = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            if (time.GetElapsedTime(retriedAt) >= _retryInterval)
            {
                state.Retry();
                retriedAt = time.GetTimestamp();
            }

            var isThrottled = await WriteDueAsync(cancellationToken);
            await Task.Delay(isThrottled ? _throttledInterval : _interval, time, cancellationToken);
        }
    }

    /// <summary>Writes what is due now, at most ten objects.</summary>
    /// <returns>Whether the API server asked for fewer requests.</returns>
    public async Task<bool> WriteDueAsync(CancellationToken cancellationToken)
    {
        var outcomes = await Task.WhenAll(state.FindDue(WritesPerSecond).Select(write => WriteAsync(write, cancellationToken)));
        return outcomes.Contains(WriteOutcome.Throttled);
    }

    private async Task<WriteOutcome> WriteAsync(PlannedWrite write, CancellationToken cancellationToken)
    {
        var outcome = await TryWriteAsync(write, cancellationToken);
        metrics.RecordWrite(outcome);
        return outcome;
    }

    private async Task<WriteOutcome> TryWriteAsync(PlannedWrite write, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = write.Object is null ? await DeleteAsync(write, cancellationToken) : await ApplyAsync(write, cancellationToken);
            _failures.RecordSuccess(write.Key);
            return outcome;
        }
        catch (KubernetesException error) when (error.IsConflict)
        {
            return await HandleConflictAsync(write, cancellationToken);
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            // The namespace is gone, and its workloads with it.
            return Forget(write);
        }
        catch (Exception error) when (IsTransient(error))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return HandleFailure(write, error);
        }
    }

    private async Task<WriteOutcome> ApplyAsync(PlannedWrite write, CancellationToken cancellationToken)
    {
        var stored = await client.ApplyAsync(write.Object!, cancellationToken);
        state.MarkWritten(write, stored.Metadata.Uid);
        return WriteOutcome.Applied;
    }

    private async Task<WriteOutcome> DeleteAsync(PlannedWrite write, CancellationToken cancellationToken)
    {
        var (@namespace, name) = write.Key;
        await client.DeleteAsync<ObservedIntents>(name, @namespace, new V1Preconditions { Uid = write.Uid }, cancellationToken);
        state.MarkWritten(write, uid: null);
        return WriteOutcome.Deleted;
    }

    // Somebody deleted the object: then the map forgets its calls, as when the deletion is seen in time.
    private async Task<WriteOutcome> HandleConflictAsync(PlannedWrite write, CancellationToken cancellationToken)
    {
        var (@namespace, name) = write.Key;
        try
        {
            var stored = await client.GetAsync<ObservedIntents>(name, @namespace, cancellationToken);
            if (stored?.Metadata.Uid != write.Uid)
            {
                return Forget(write);
            }

            state.MarkFailed(write);
            return WriteOutcome.Conflict;
        }
        catch (Exception error) when (IsTransient(error))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return HandleFailure(write, error);
        }
    }

    private WriteOutcome Forget(PlannedWrite write)
    {
        state.Forget(write);
        _failures.RecordSuccess(write.Key);
        return WriteOutcome.Forgotten;
    }

    private WriteOutcome HandleFailure(PlannedWrite write, Exception error)
    {
        state.MarkFailed(write);
        var failure = _failures.RecordFailure(write.Key, _grace);
        if (failure.IsWarningDue)
        {
            LogFailing(write.Key.Namespace, write.Key.Name, failure.FailingKeys, error.Message);
        }
        else
        {
            LogFailed(write.Key.Namespace, write.Key.Name, error.Message);
        }

        return error is KubernetesException { StatusCode: System.Net.HttpStatusCode.TooManyRequests }
            ? WriteOutcome.Throttled
            : WriteOutcome.Failed;
    }

    private static bool IsTransient(Exception error) =>
        error is KubernetesException or HttpRequestException or TimeoutException or IOException or JsonException or InvalidDataException
            or WriteFencedException;

    [LoggerMessage(LogLevel.Debug, "Cannot write ObservedIntents {Namespace}/{Name}; will retry: {Error}")]
    private partial void LogFailed(string @namespace, string name, string error);

    [LoggerMessage(LogLevel.Warning, "Cannot write ObservedIntents {Namespace}/{Name}, one of {Failing} that fail; will retry: {Error}")]
    private partial void LogFailing(string @namespace, string name, int failing, string error);
}

/// <summary>The result of a write. A closed list: it is a label of a metric.</summary>
internal enum WriteOutcome
{
    Applied,

    /// <summary>All calls of the object had expired.</summary>
    Deleted,

    /// <summary>Someone else had deleted the object or its namespace, and the map forgot its calls.</summary>
    Forgotten,

    Conflict,

    /// <summary>The API server asked for fewer requests.</summary>
    Throttled,

    Failed,
}
