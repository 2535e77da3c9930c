using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Kubernetes.LeaderElection;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A process that contests a lease, faster than it would in earnest.</summary>
internal sealed class RunningElector : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LeaderElector _elector;
    private readonly Task _run;

    /// <param name="started">Called whenever it begins to lead.</param>
    /// <param name="patience">How long it leads without a renewal; half of the lease. Where the lease must not be lost, longer than the machine is slow.</param>
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

    /// <summary>Whether its work goes on: it was neither told to stop nor that the lease is lost.</summary>
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
