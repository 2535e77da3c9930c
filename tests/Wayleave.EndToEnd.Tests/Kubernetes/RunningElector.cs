using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Kubernetes.LeaderElection;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A running leader elector with shorter durations than in production.</summary>
internal sealed class RunningElector : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LeaderElector _elector;
    private readonly Task _run;

    /// <param name="started">Called whenever it begins to lead.</param>
    /// <param name="patience">The renew deadline; the lease lasts twice as long. Use a long one where a slow machine must not lose the lease.</param>
    public RunningElector(LayerClient client, string lease, string identity, Action? started = null, TimeSpan? patience = null)
    {
        var deadline = patience ?? TimeSpan.FromSeconds(2);
        var config = new LeaderElectionConfig
        {
            LeaseNamespace = "default",
            LeaseName = lease,
            Identity = identity,
            LeaseDuration = 2 * deadline,
            RenewDeadline = deadline,
            RetryPeriod = TimeSpan.FromMilliseconds(250),
        };
        _elector = new LeaderElector(client.Kubernetes, config, TimeProvider.System, NullLogger<LeaderElector>.Instance);
        _run = _elector.RunAsync(lost => LeadAsync(started, lost), _stop.Token);
    }

    public bool IsLeader => _elector.IsLeader;

    /// <summary>Whether the leader's work still runs: it was neither stopped nor canceled because the lease was lost.</summary>
    public bool IsActing { get; private set; }

    public int TimesLed { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(Poll.Patience);
        _stop.Dispose();
    }

    private async Task LeadAsync(Action? started, CancellationToken lost)
    {
        TimesLed++;
        IsActing = true;
        started?.Invoke();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, _stop.Token);
        try
        {
            await Task.Delay(Timeout.Infinite, either.Token);
        }
        catch (OperationCanceledException)
        {
            IsActing = false;
        }
    }
}
