using Wayleave.Kubernetes.LeaderElection;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>A process that competes for the lease, with its own clock.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _working;

    public Contender(FakeLeaseServer server, string identity)
    {
        Client = new FakeLeaseClient(server);
        var config = new LeaderElectionConfig { LeaseNamespace = "system", LeaseName = "leader", Identity = identity };
        Elector = new LeaderElector(Client, config, Time, Log);
        Lead = UntilStoppedOrLostAsync;
    }

    public ManualTimeProvider Time { get; } = new();

    public FakeLeaseClient Client { get; }

    public LeaderElector Elector { get; }

    public FakeLogger<LeaderElector> Log { get; } = new();

    /// <summary>The work of the leader. By default it waits until it is stopped.</summary>
    public Func<CancellationToken, Task> Lead { get; set; }

    /// <summary>The token of its last term as leader.</summary>
    public CancellationToken Lost { get; private set; }

    public int TimesLed { get; private set; }

    /// <summary>Whether its work is running and was not canceled.</summary>
    public bool IsActing => _working && !Lost.IsCancellationRequested;

    public Task Run { get; private set; } = Task.CompletedTask;

    public CancellationToken Stopping => _stop.Token;

    public Contender Start()
    {
        Run = Elector.RunAsync(LeadAsync, _stop.Token);
        return this;
    }

    /// <summary>For <see cref="FakeLeaseClient.Before"/>: no response comes, and the client times out after 30 seconds.</summary>
    public async Task HangAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(30), Time, cancellationToken);
        throw new TimeoutException("no answer");
    }

    public Task StopAsync() => _stop.CancelAsync();

    // It waits for its clock or for its work, or has ended. If it no longer leads by its clock, its work has been canceled.
    private bool IsUpToDate =>
        (Time.Waits.Count > 0 || Run.IsCompleted || (Lost.IsCancellationRequested && _working)) && (!IsActing || Elector.IsLeader);

    /// <summary>Advances all clocks in small steps. Waits after each step until the contender has settled.</summary>
    public static async Task PassAsync(IReadOnlyList<Contender> contenders, TimeSpan time, Action? afterEveryStep = null)
    {
        var step = TimeSpan.FromMilliseconds(100);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            foreach (var contender in contenders)
            {
                contender.Time.Advance(step);
                await Soon.UntilAsync("the elector to wait", () => contender.IsUpToDate);
                afterEveryStep?.Invoke();
            }
        }
    }

    /// <inheritdoc cref="PassAsync(IReadOnlyList{Contender}, TimeSpan, Action?)"/>
    public Task PassAsync(TimeSpan time, Action? afterEveryStep = null) => PassAsync([this], time, afterEveryStep);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Soon.UntilAsync("the elector to end", () =>
        {
            Time.Advance(TimeSpan.FromSeconds(20));
            return Run.IsCompleted;
        });
        _stop.Dispose();
    }

    /// <summary>Throws when the lease is lost, as most work does.</summary>
    public async Task UntilStoppedOrLostAsync(CancellationToken lost)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, _stop.Token);
        try
        {
            await Task.Delay(Timeout.Infinite, either.Token);
        }
        catch (OperationCanceledException) when (!lost.IsCancellationRequested)
        {
            // It was stopped.
        }
    }

    private async Task LeadAsync(CancellationToken lost)
    {
        Lost = lost;
        TimesLed++;
        _working = true;
        try
        {
            await Lead(lost);
        }
        finally
        {
            _working = false;
        }
    }
}
