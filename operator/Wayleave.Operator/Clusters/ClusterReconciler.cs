using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.EventHandlers;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Clusters;

/// <summary>Keeps a member cluster connected, writes the Cluster's status, and cleans up when the Cluster is deleted.</summary>
internal sealed class ClusterReconciler(
    ClusterConnector connector, ClusterCleanup cleanup, MemberClusterManager members, StatusEventHandler affected, ClusterReporter reporter,
    TimeProvider time)
    : IEntityController<Cluster>
{
    // The number of checks with unsynced caches before declarations report Connecting. The Cluster itself waits as long only if an earlier
    // process was connected.
    private const int MaxSyncAttempts = 2;

    // The interval of health checks.
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(30);

    // A sync that exceeds the limits is expensive, so retry rarely.
    private static readonly TimeSpan _tooLargeRetryInterval = TimeSpan.FromMinutes(10);

    // The timeout of a check, which sends many requests, so that a slow API server does not block a worker.
    private static readonly TimeSpan _checkTimeout = TimeSpan.FromMinutes(1);

    public async Task<ReconciliationResult> ReconcileAsync(Cluster entity, CancellationToken cancellationToken)
    {
        try
        {
            return await CheckAsync(entity, cancellationToken);
        }
        catch (ClusterException error)
        {
            var wait = await ReportAsync(entity, error.Result, version: null, cancellationToken);
            return error.Result.Reason switch
            {
                // Only a change of the Secret or the spec can help, and either enqueues the Cluster.
                Reasons.InvalidSpec or Reasons.Paused or Reasons.SecretNotFound or Reasons.InvalidKubeconfig =>
                    wait is { } conflict ? ReconciliationResult.RequeueAfter(conflict) : ReconciliationResult.NoRequeue,
                Reasons.TooLarge => ReconciliationResult.RequeueAfter(_tooLargeRetryInterval),
                _ => ReconciliationResult.RequeueAfter(Backoff(entity.Metadata.Name!)),
            };
        }
    }

    public async Task<ReconciliationResult> DeletedAsync(Cluster entity, CancellationToken cancellationToken)
    {
        await members.StopAsync(entity.Metadata.Name!);
        members.Remove(entity.Metadata.Name!);
        affected.EnqueueDeclarationsFor(entity);
        affected.EnqueueDuplicates();
        return ReconciliationResult.Done;
    }

    private async Task<ReconciliationResult> CheckAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        var isLeaving = cluster.Metadata.DeletionTimestamp is not null;
        using var limit = new CancellationTokenSource(_checkTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return isLeaving ? await CleanUpAsync(cluster, either.Token) : await ConnectAsync(cluster, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw ClusterException.Pending(isLeaving ? Reasons.CleaningUp : Reasons.Unreachable, "the API server does not respond in time");
        }
    }

    private async Task<ReconciliationResult> ConnectAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        if (await connector.ConnectAsync(cluster, cancellationToken) is not { } version)
        {
            return ReconciliationResult.NoRequeue;
        }

        var name = cluster.Metadata.Name!;
        members.ResetFailures(name);
        var reading = TargetResult.Pending(Reasons.Connecting, "connected; its caches are syncing");
        if (members.Find(name) is { HasSynced: true })
        {
            members.ResetUnsynced(name);
            await ReportAsync(cluster, new TargetResult(TargetStateNames.Enforced, Reasons.Connected, "connected"), version, cancellationToken);
        }
        else
        {
            var isNew = members.CountUnsynced(name) <= MaxSyncAttempts;
            Report(cluster, results: null, reading, isNew);
            if (!isNew || !WasConnected(cluster))
            {
                await WriteAsync(cluster, reading, version, cancellationToken);
            }
        }

        return ReconciliationResult.RequeueAfter(_interval);
    }

    // After a restart, keep the status until the caches have synced, to save two writes.
    private static bool WasConnected(Cluster cluster) =>
        cluster.Status?.ObservedGeneration == cluster.Metadata.Generation
        && TelemetryMarkCalculator.IsReady(cluster.Status?.Conditions);

    private async Task<ReconciliationResult> CleanUpAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        var leaving = TargetResult.Pending(Reasons.CleaningUp, "the Cluster is being deleted");
        Report(cluster, results: null, leaving);
        if (await cleanup.CleanUpAsync(cluster, cancellationToken))
        {
            return ReconciliationResult.NoRequeue;
        }

        await WriteAsync(
            cluster,
            leaving with { Message = "the Cluster is being deleted, and its policies are being removed" },
            version: null,
            cancellationToken);
        return ReconciliationResult.RequeueAfter(TimeSpan.Zero);
    }

    private Task<TimeSpan?> ReportAsync(Cluster cluster, TargetResult result, string? version, CancellationToken cancellationToken)
    {
        var member = members.Find(cluster.Metadata.Name!);
        var isThere = result.State == TargetStateNames.Enforced;
        Report(cluster, isThere ? member?.Results : null, isThere ? null : result with { State = TargetStateNames.Pending });
        if (result.Reason == Reasons.Paused)
        {
            affected.EnqueueDuplicates();
        }

        return WriteAsync(cluster, result, version, cancellationToken);
    }

    private void Report(Cluster cluster, ResultStore? results, TargetResult? obstacle, bool isNew = false)
    {
        if (members.Report(new SelectedCluster(cluster.Metadata.Name!, results, obstacle, isNew)))
        {
            affected.EnqueueDeclarationsFor(cluster);
        }
    }

    private Task<TimeSpan?> WriteAsync(Cluster cluster, TargetResult result, string? version, CancellationToken cancellationToken) =>
        reporter.WriteAsync(
            cluster, members.Find(cluster.Metadata.Name!), new ClusterCheckResult(result) { Version = version }, cancellationToken);

    private TimeSpan Backoff(string name)
    {
        var failures = members.CountFailure(name);
        return TimeSpan.FromSeconds(Math.Min(_interval.TotalSeconds, Math.Pow(2, Math.Min(failures, 10) - 1)));
    }
}
