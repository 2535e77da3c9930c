using System.Text.Json;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.LeaderElection;

/// <summary>
/// Contests a lease and works while it holds it. Expiry, the own one and that of others, is judged by locally elapsed time only, never by
/// comparing clocks of two machines.
/// </summary>
public sealed partial class LeaderElector(
    IKubernetesClient client, LeaderElectionConfig config, TimeProvider time, ILogger<LeaderElector> logger)
{
    private readonly LeaseLock _lock = new(client, config);
    private V1Lease? _observed;
    private long _observedAt;
    private long _renewedAt;
    private volatile bool _leading;

    /// <summary>
    /// Whether this process may act now: it holds the lease and renewed it recently enough. Asks the clock, so that it turns false even
    /// when no code of the elector could run in the meantime.
    /// </summary>
    public bool IsLeader => _leading && time.GetElapsedTime(Volatile.Read(ref _renewedAt)) < config.RenewDeadline;

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
        while (true)
        {
            if (await TryAsync(stopping))
            {
                _leading = true;
                LogAcquired(config.Identity);
                return;
            }

            await Task.Delay(config.RetryPeriod, time, stopping);
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead)
    {
        using var lost = new CancellationTokenSource();
        var work = lead(lost.Token);
        try
        {
            await RenewAsync(work);
            if (!work.IsCompleted)
            {
                LogLost(config.Identity);
                await lost.CancelAsync();
            }

            await work;
            await ReleaseAsync();
        }
        finally
        {
            _leading = false;
        }
    }

    // Returns when the work is over or the lease can no longer be relied on.
    private async Task RenewAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            using var wait = new CancellationTokenSource();
            await Task.WhenAny(work, Task.Delay(config.RetryPeriod, time, wait.Token));
            await wait.CancelAsync();
            var left = config.RenewDeadline - time.GetElapsedTime(Volatile.Read(ref _renewedAt));
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            using var deadline = new CancellationTokenSource(left, time);
            await TryAsync(deadline.Token);
            if (_observed?.Spec?.HolderIdentity != config.Identity)
            {
                return;
            }
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AcquireOrRenewAsync(cancellationToken);
        }
        catch (KubernetesException error) when (error.IsConflict)
        {
            // Another was quicker. Read it anew next time.
            _observed = _leading ? _observed : null;
            return false;
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException or JsonException)
        {
            LogUnreachable(error.Message);
            return false;
        }
        catch (OperationCanceledException) when (_leading)
        {
            return false;
        }
    }

    private async Task<bool> AcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var lease = await _lock.ReadAsync(cancellationToken);
        if (lease is null)
        {
            Note(await _lock.CreateAsync(Claim(previous: null), cancellationToken), started);
            return true;
        }

        Observe(lease, started);
        if (!IsMine(lease) && !IsFree(lease))
        {
            return false;
        }

        Note(await _lock.WriteAsync(lease.Metadata.ResourceVersion!, Claim(lease.Spec), cancellationToken), started);
        return true;
    }

    private void Note(V1Lease lease, long startedAt)
    {
        Observe(lease, startedAt);
        // Counted from before the request, so that the lease never seems to last longer here than elsewhere.
        Volatile.Write(ref _renewedAt, startedAt);
    }

    private void Observe(V1Lease lease, long at)
    {
        if (_observed?.Metadata.ResourceVersion != lease.Metadata.ResourceVersion)
        {
            _observedAt = at;
        }

        _observed = lease;
    }

    private bool IsMine(V1Lease lease) => lease.Spec?.HolderIdentity == config.Identity;

    private bool IsFree(V1Lease lease)
    {
        if (string.IsNullOrEmpty(lease.Spec?.HolderIdentity))
        {
            return true;
        }

        var duration = TimeSpan.FromSeconds(lease.Spec.LeaseDurationSeconds ?? config.LeaseDuration.TotalSeconds);
        return time.GetElapsedTime(_observedAt) > duration;
    }

    private V1LeaseSpec Claim(V1LeaseSpec? previous)
    {
        var now = time.GetUtcNow().UtcDateTime;
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
        if (!IsLeader || _observed is not { Metadata.ResourceVersion: { } version } lease)
        {
            return;
        }

        var released = new V1LeaseSpec { HolderIdentity = "", LeaseDurationSeconds = 1, RenewTime = time.GetUtcNow().UtcDateTime, LeaseTransitions = lease.Spec?.LeaseTransitions };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await _lock.WriteAsync(version, released, deadline.Token);
            _observed = null;
            LogReleased(config.Identity);
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException or OperationCanceledException)
        {
            // Others take it when it has expired.
            LogUnreachable(error.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Leading as {Identity}.")]
    private partial void LogAcquired(string identity);

    [LoggerMessage(LogLevel.Warning, "The lease could not be renewed in time; {Identity} stops acting.")]
    private partial void LogLost(string identity);

    [LoggerMessage(LogLevel.Information, "{Identity} released the lease.")]
    private partial void LogReleased(string identity);

    [LoggerMessage(LogLevel.Debug, "The lease cannot be read or written: {Reason}")]
    private partial void LogUnreachable(string reason);
}
