using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.LeaderElection;

/// <summary>
/// Contests a lease and works while it holds it. Expiry, the own one and that of others, is judged by locally elapsed time only, never by
/// comparing clocks of two machines.
/// </summary>
public sealed partial class LeaderElector(
    IKubernetesClient client, LeaderElectionConfig config, TimeProvider time, ILogger<LeaderElector> logger)
{
    private readonly FailureTracker<string> _failures = new(time);
    private readonly LeaseLock _lock = new(client, config);
    private readonly LeaseObservation _seen = new(config, time);
    private volatile bool _leading;

    /// <summary>
    /// Whether this process may act now: it holds the lease and renewed it recently enough. Asks the clock, so that it turns false even
    /// when no code of the elector could run in the meantime.
    /// </summary>
    public bool IsLeader => _leading && _seen.Left > TimeSpan.Zero;

    /// <summary>
    /// Acquires, leads, and contests again after a loss, until <paramref name="stopping"/>. The token given to <paramref name="lead"/> is
    /// cancelled at once when the lease is lost. When asked to stop, the lease is renewed until <paramref name="lead"/> has returned and is
    /// then released.
    /// </summary>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(lead);
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
            // Stopped while waiting for the lease: there is nothing to release.
        }
    }

    private async Task AcquireAsync(CancellationToken stopping)
    {
        while (!await TryAsync(stopping) || _seen.Left <= TimeSpan.Zero)
        {
            await Task.Delay(config.RetryPeriod, time, stopping);
        }

        _leading = true;
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
                // From here on nothing may be done, however recent the last renewal: another may hold the lease.
                _leading = false;
                LogLost(config.Identity);
                await lost.CancelAsync();
            }

            await work;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The work ended as it was told to.
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private static async Task StartAsync(Func<CancellationToken, Task> lead, CancellationToken lost) => await lead(lost);

    // Returns when the work is over or the lease can no longer be relied on.
    private async Task RenewAsync(Task work)
    {
        while (_seen.IsMine && _seen.Left is var left && left > TimeSpan.Zero)
        {
            using var wait = new CancellationTokenSource();
            var pause = Task.Delay(left < config.RetryPeriod ? left : config.RetryPeriod, time, wait.Token);
            if (await Task.WhenAny(work, pause) == work)
            {
                await wait.CancelAsync();
                return;
            }

            left = _seen.Left;
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            using var deadline = new CancellationTokenSource(left, time);
            await TryAsync(deadline.Token);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var isHeld = await AcquireOrRenewAsync(cancellationToken);
            _failures.Succeeded(config.LeaseName);
            return isHeld;
        }
        catch (KubernetesException error) when (error.IsConflict)
        {
            // Another was quicker. Read it again next time.
            _failures.Succeeded(config.LeaseName);
            if (!_leading)
            {
                _seen.Forget();
            }

            return false;
        }
        catch (Exception error) when (IsPassing(error))
        {
            Failed(error);
            return false;
        }
        catch (OperationCanceledException) when (_leading)
        {
            return false;
        }
    }

    private void Failed(Exception error)
    {
        var failure = _failures.Failed(config.LeaseName, config.RenewDeadline);
        if (failure.IsWarningDue)
        {
            LogUnreachable(config.LeaseNamespace, config.LeaseName, failure.Times, error.Message);
        }
        else
        {
            LogFailed(config.LeaseNamespace, config.LeaseName, failure.Times, error.Message);
        }
    }

    private async Task<bool> AcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var lease = await _lock.ReadAsync(cancellationToken);
        if (lease is null)
        {
            _seen.Written(await _lock.CreateAsync(Claim(previous: null), cancellationToken), started);
            return true;
        }

        _seen.Read(lease);
        if (!_seen.IsMine && !_seen.IsFree)
        {
            return false;
        }

        _seen.Written(await _lock.WriteAsync(lease.Metadata.ResourceVersion!, Claim(lease.Spec), cancellationToken), started);
        return true;
    }

    private V1LeaseSpec Claim(V1LeaseSpec? previous)
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
        _leading = false;
        if (!held || _seen is not { IsMine: true, Lease: { } lease })
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
            _seen.Forget();
            LogReleased(config.Identity);
        }
        catch (Exception error) when (IsPassing(error) || error is OperationCanceledException)
        {
            // Others take it when it has expired.
            Failed(error);
        }
    }

    private static bool IsPassing(Exception error) =>
        error is KubernetesException or HttpRequestException or TimeoutException or JsonException or IOException;

    [LoggerMessage(LogLevel.Information, "Leading as {Identity}.")]
    private partial void LogAcquired(string identity);

    [LoggerMessage(LogLevel.Warning, "The lease could not be renewed in time; {Identity} stops acting.")]
    private partial void LogLost(string identity);

    [LoggerMessage(LogLevel.Information, "{Identity} released the lease.")]
    private partial void LogReleased(string identity);

    [LoggerMessage(LogLevel.Debug, "Cannot read or write lease {LeaseNamespace}/{LeaseName} (attempt {Times}), will retry: {Reason}")]
    private partial void LogFailed(string leaseNamespace, string leaseName, int times, string reason);

    [LoggerMessage(
        LogLevel.Warning,
        "Cannot read or write lease {LeaseNamespace}/{LeaseName} (attempt {Times}); this replica does not act, will retry: {Reason}")]
    private partial void LogUnreachable(string leaseNamespace, string leaseName, int times, string reason);
}
