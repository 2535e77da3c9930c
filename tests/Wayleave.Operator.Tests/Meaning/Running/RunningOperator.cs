using System.Diagnostics;
using System.Diagnostics.Metrics;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wayleave.Enforcement.Governance;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>
/// The operator as the program puts it together, except that its API server is a <see cref="FakeCluster"/> and its clock runs only while
/// it is waited for.
/// </summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    // An informer that lost its watch waits once, a write that somebody got ahead of a few times.
    private const int MostWaits = 1000;

    private readonly FakeCluster _cluster;
    private readonly ManualTimeProvider _time = new();
    private readonly ErrorLog _errors = new();
    private readonly FakeMeters _meters = new();
    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IInformer> _informers;
    private readonly CancellationTokenSource _reading = new();
    private CancellationTokenSource _stopping = new();
    private CancellationTokenSource _lost = new();
    private Task _work = Task.CompletedTask;
    private Task _informing = Task.CompletedTask;

    private RunningOperator(FakeCluster cluster, Defaults defaults, RunningOptions options, ApiCapabilities served)
    {
        _cluster = cluster;
        _services = Compose(cluster, defaults, options, _time, _errors, _meters);
        _services.GetRequiredService<Installation>().Identify(UidOf(cluster));
        _services.GetRequiredService<ControllerManager>().AttachHandlers();
        _informers =
        [
            .. _services.GetRequiredService<DeclarationCache>().Informers(served),
            .. _services.GetRequiredService<ClusterCache>().Informers(served),
        ];
    }

    /// <summary>What it logged as an error.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    /// <summary>How long it has run, by its own clock.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(0);

    /// <summary>Whether it has nothing to do, and waits for nothing.</summary>
    public bool IsResting => IsIdle();

    /// <summary>What it is made of.</summary>
    public IServiceProvider Services => _services;

    /// <summary>The mark of its policies.</summary>
    public string Mark => _services.GetRequiredService<Installation>().Owner.Installation;

    /// <summary>What its metrics say, by name and labels.</summary>
    public double Measured(string series) => _meters[series];

    public static async Task<RunningOperator> StartAsync(FakeCluster cluster, Defaults defaults, RunningOptions? options = null)
    {
        var started = await StandByAsync(cluster, defaults, options);
        if (options?.Leads != false)
        {
            await started.LeadAsync();
        }

        return started;
    }

    /// <summary>A replica that does not lead yet; its caches are filled.</summary>
    public static async Task<RunningOperator> StandByAsync(FakeCluster cluster, Defaults defaults, RunningOptions? options = null)
    {
        options ??= new RunningOptions();
        var served = await ApiCapabilities.ReadAsync(cluster, CancellationToken.None);
        var started = new RunningOperator(cluster, defaults, options, served with { Clusters = options.Members is not null });
        await started.ReadAsync();
        return started;
    }

    /// <summary>Whether an informer's store holds what the cluster holds, or is empty because nothing needs it.</summary>
    public static bool IsHeard(FakeCluster cluster, IInformer informer) => informer is IOptionalInformer { IsWanted: false } idle
        ? idle.IsSettled
        : informer is not IOptionalInformer { IsSettled: false } && cluster.IsHeard(informer.Resource);

    /// <summary>Gains the lead when its caches know of everything.</summary>
    public async Task LeadAsync()
    {
        await HearAsync();
        Lead();
    }

    /// <summary>Gains the lead.</summary>
    public void Lead()
    {
        _stopping = new CancellationTokenSource();
        _lost = new CancellationTokenSource();
        _work = _services.GetRequiredService<LeaderTasks>().LeadAsync(_lost.Token, _stopping.Token);
    }

    /// <summary>Stops leading in order, as at a shutdown; the caches go on.</summary>
    public async Task StopLeadingAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
        _lost.Dispose();
    }

    /// <summary>Loses the lead, and returns when its work has ended.</summary>
    public async Task LoseLeadAsync()
    {
        await _lost.CancelAsync();
        await _work;
    }

    /// <summary>Returns when it has heard of everything.</summary>
    public async Task HearAsync()
    {
        var clock = Stopwatch.StartNew();
        while (!IsHeard() && clock.Elapsed < Poll.Patience)
        {
            await Pause(clock);
        }
    }

    /// <summary>Makes it look at everything again.</summary>
    public void LookAgain()
    {
        _services.GetRequiredService<ControllerManager>().EnqueueAll();
    }

    /// <summary>Returns as soon as it has heard of everything and has nothing left to do.</summary>
    /// <exception cref="TimeoutException">It never had.</exception>
    public async Task SettleAsync()
    {
        var clock = Stopwatch.StartNew();
        for (var waits = 0; !IsIdle() || !IsIdle();)
        {
            if (_work.IsFaulted)
            {
                await _work;
            }

            if (clock.Elapsed > Poll.Patience || waits > MostWaits)
            {
                throw new TimeoutException($"The operator never came to rest ({clock.Elapsed.TotalSeconds} s, {waits} waits; last writes: {string.Join(", ", _cluster.Writes.TakeLast(5))}).");
            }

            if (_time.Waits is [var next, ..])
            {
                waits++;
                _time.Advance(next);
            }

            await Pause(clock);
        }
    }

    /// <summary>Returns as soon as something is so; its clock runs only while it has nothing else to do.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public async Task UntilAsync(string what, Func<bool> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            if (_work.IsFaulted)
            {
                await _work;
            }

            if (clock.Elapsed > Poll.Patience)
            {
                throw new TimeoutException($"Waited in vain for {what} ({clock.Elapsed.TotalSeconds} s; last writes: {string.Join(", ", _cluster.Writes.TakeLast(5))}).");
            }

            if (IsAtRest() && _time.Waits is [var next, ..])
            {
                _time.Advance(next);
            }

            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopLeadingAsync();
        await _reading.CancelAsync();
        await _informing;
        await _services.DisposeAsync();
        _meters.Dispose();
        _reading.Dispose();
    }

    private static ServiceProvider Compose(
        FakeCluster cluster, Defaults defaults, RunningOptions running, TimeProvider time, ErrorLog errors, FakeMeters meters)
    {
        var options = new OperatorOptions
        {
            Namespace = running.Namespace,
            Instance = "test",
            Governance = new GovernanceDefaults(defaults.Mode, running.Namespace, defaults.Egress) { External = defaults.External },
            Network = NetworkSettings.None,
            Workers = 4,
            Clusters = running.Members is not null,
            Telemetry = TelemetrySettings.Default with { Enabled = false },
        };
        var services = new ServiceCollection()
            .AddLogging(logging => Providers(running, errors).ForEach(provider => logging.AddProvider(provider)))
            .AddOperator(options, NowhereSource.Create())
            .AddSingleton(running.Client ?? cluster)
            .AddSingleton(running.Recorder ?? new SilentRecorder())
            .AddSingleton(running.Counter ?? new NoUsageCounter())
            .AddSingleton(time)
            .AddSingleton<IMeterFactory>(meters);
        if (running.Members is { } wrap)
        {
            services.AddSingleton<MemberFactory>().AddSingleton(provider => wrap(provider.GetRequiredService<MemberFactory>()));
        }

        return services.BuildServiceProvider();
    }

    // Most clusters here have no kube-system, and are the only one.
    private static string UidOf(FakeCluster cluster) =>
        cluster.List<V1Namespace>().FirstOrDefault(one => one.Metadata.Name == "kube-system")?.Metadata.Uid ?? "uid-of-the-cluster";

    private static List<ILoggerProvider> Providers(RunningOptions running, ErrorLog errors) =>
        running.Logs is { } logs ? [errors, logs] : [errors];

    // As OperatorService does it.
    private async Task ReadAsync()
    {
        _services.GetRequiredService<LeaderTasks>().StandBy();
        _informing = Task.WhenAll(_informers.Select(informer => Task.Run(() => informer.RunAsync(_reading.Token))));
        await Task.WhenAll(_informers.Select(informer => informer.SyncedAsync(CancellationToken.None))).WaitAsync(Poll.Patience);
    }

    private bool IsAtRest() =>
        IsHeard() && _services.GetRequiredService<StatusQueues>().IsIdle && _services.Part<PolicyQueues>().IsIdle && IsHeard();

    private bool IsIdle()
    {
        var version = _cluster.Version;
        return IsAtRest() && _time.Waits.Count == 0 && IsHeard() && _cluster.Version == version;
    }

    private bool IsHeard() => _informers.All(informer => IsHeard(_cluster, informer));

    // Mostly it is a matter of microseconds.
    private static async Task Pause(Stopwatch clock)
    {
        if (clock.ElapsedMilliseconds < 1)
        {
            await Task.Yield();
        }
        else
        {
            await Task.Delay(1);
        }
    }
}
