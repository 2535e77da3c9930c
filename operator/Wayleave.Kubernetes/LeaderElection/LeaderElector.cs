using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.LeaderElection;

/// <summary>
/// Acquires a lease and runs while it holds it. Expiry is measured in locally elapsed time only, never by comparing the clocks of two
/// machines.
/// </summary>
public sealed partial class LeaderElector(
    IKubernetesClient client, LeaderElectionConfig config, TimeProvider time, ILogger<LeaderElector> logger)
{
    private readonly FailureTracker<string> _failures = new(time);
    private readonly LeaseLock _lock = new(client, config);
    private readonly ObservedLease _observed = new(config, time);
    private volatile bool _isLeading;

    /// <summary>
    /// Whether this process holds the lease and renewed it within the renew deadline. It reads the clock, so that it turns false even if
    /// the elector's own code was not scheduled in the meantime. Thread-safe.
    /// </summary>
    public bool IsLeader => _isLeading && _observed.RemainingTime > TimeSpan.Zero;

    /// <summary>How often the lease has changed hands, as last seen. Null if it was not seen yet.</summary>
    public int? Transitions => _observed.Lease?.Spec?.LeaseTransitions;

    /// <summary>
    /// Acquires the lease, runs <paramref name="lead"/>, and starts over after losing it, until <paramref name="stopping"/>. The token of
    /// <paramref name="lead"/> is canceled when the lease is lost. After <paramref name="stopping"/>, the lease is renewed until
    /// <paramref name="lead"/> has returned, and is then released.
    /// </summary>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await AcquireAsync(stopping);
                await LeadAsync(lead);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped while waiting for the lease. There is nothing to release.
        }
    }

    private async Task AcquireAsync(CancellationToken stopping)
    {
        while (!await TryAcquireOrRenewAsync(stopping) || _observed.RemainingTime <= TimeSpan.Zero)
        {
            await Task.Delay(config.RetryPeriod, time, stopping);
        }

        _isLeading = true;
        LogAcquired(config.Identity);
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead)
    {
        using var lost = new CancellationTokenSource();
        var work = StartAsync(lead, lost.Token);
        try
        {
            await RenewAsync(work);
            if (!work.IsCompleted)
            {
                // Stop acting at once, even if the renew deadline has not passed: another process may hold the lease.
                _isLeading = false;
                LogLost(config.Identity);
                await lost.CancelAsync();
            }

            await work;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // Canceled because the lease was lost.
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private static async Task StartAsync(Func<CancellationToken, Task> lead, CancellationToken lost) => await lead(lost);

    // Returns when the work is done or the lease is lost.
    private async Task RenewAsync(Task work)
    {
        while (_observed.IsHeldByMe && _observed.RemainingTime is var left && left > TimeSpan.Zero)
        {
            using var wait = new CancellationTokenSource();
            var pause = Task.Delay(left < config.RetryPeriod ? left : config.RetryPeriod, time, wait.Token);
            if (await Task.WhenAny(work, pause) == work)
            {
                await wait.CancelAsync();
                return;
            }

            left = _observed.RemainingTime;
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            using var deadline = new CancellationTokenSource(left, time);
            await TryAcquireOrRenewAsync(deadline.Token);
        }
    }

    private async Task<bool> TryAcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var isHeld = await AcquireOrRenewAsync(cancellationToken);
            _failures.RecordSuccess(config.LeaseName);
            return isHeld;
        }
        catch (KubernetesException error) when (error.IsConflict)
        {
            // Another candidate was faster. Read the lease again next time.
            _failures.RecordSuccess(config.LeaseName);
            if (!_isLeading)
            {
                _observed.Forget();
            }

            return false;
        }
        catch (Exception error) when (IsTransient(error))
        {
            HandleError(error);
            return false;
        }
        catch (OperationCanceledException) when (_isLeading)
        {
            return false;
        }
    }

    private void HandleError(Exception error)
    {
        var failure = _failures.RecordFailure(config.LeaseName, config.RenewDeadline);
        if (failure.IsWarningDue)
        {
            LogUnreachable(config.LeaseNamespace, config.LeaseName, failure.ConsecutiveFailures, error.Message);
        }
        else
        {
            LogFailed(config.LeaseNamespace, config.LeaseName, failure.ConsecutiveFailures, error.Message);
        }
    }

    private async Task<bool> AcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var lease = await _lock.ReadAsync(cancellationToken);
        if (lease is null)
        {
            _observed.MarkRenewed(await _lock.CreateAsync(CreateSpec(previous: null), cancellationToken), started);
            return true;
        }

        _observed.Observe(lease);
        if (!_observed.IsHeldByMe && !_observed.IsExpired)
        {
            return false;
        }

        _observed.MarkRenewed(await _lock.WriteAsync(lease.Metadata.ResourceVersion!, CreateSpec(lease.Spec), cancellationToken), started);
        return true;
    }

    private V1LeaseSpec CreateSpec(V1LeaseSpec? previous)
    {
        var now = MicroTime.Now(time);
        var mine = previous?.HolderIdentity == config.Identity;
        return new V1LeaseSpec
        {
            HolderIdentity = config.Identity,
            LeaseDurationSeconds = Math.Max(1, (int)Math.Ceiling(config.LeaseDuration.TotalSeconds)),
            AcquireTime = mine ? previous!.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = mine ? previous!.LeaseTransitions : (previous?.LeaseTransitions ?? -1) + 1,
        };
    }

    private async Task ReleaseAsync()
    {
        var held = IsLeader;
        _isLeading = false;
        if (!held || _observed is not { IsHeldByMe: true, Lease: { } lease })
        {
            return;
        }

        var released = new V1LeaseSpec
        {
            HolderIdentity = "",
            LeaseDurationSeconds = 1,
            RenewTime = MicroTime.Now(time),
            LeaseTransitions = lease.Spec!.LeaseTransitions,
        };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await _lock.WriteAsync(lease.Metadata.ResourceVersion!, released, deadline.Token);
            _observed.Forget();
            LogReleased(config.Identity);
        }
        catch (Exception error) when (IsTransient(error) || error is OperationCanceledException)
        {
            // The lease expires by itself.
            HandleError(error);
        }
    }

    private static bool IsTransient(Exception error) =>
        error is KubernetesException or HttpRequestException or TimeoutException or JsonException or IOException;

    [LoggerMessage(LogLevel.Information, "Became leader {Identity}")]
    private partial void LogAcquired(string identity);

    [LoggerMessage(LogLevel.Warning, "Lost leadership {Identity}: lease not renewed within the renew deadline")]
    private partial void LogLost(string identity);

    [LoggerMessage(LogLevel.Information, "Released lease {Identity}")]
    private partial void LogReleased(string identity);

    [LoggerMessage(LogLevel.Debug, "Cannot read or write lease {LeaseNamespace}/{LeaseName} (attempt {Times}); will retry: {Reason}")]
    private partial void LogFailed(string leaseNamespace, string leaseName, int times, string reason);

    [LoggerMessage(
        LogLevel.Warning,
        "Cannot read or write lease {LeaseNamespace}/{LeaseName} (attempt {Times}); not acting as leader, will retry: {Reason}")]
    private partial void LogUnreachable(string leaseNamespace, string leaseName, int times, string reason);
}
