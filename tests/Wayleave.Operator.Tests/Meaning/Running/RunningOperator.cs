using System.Diagnostics;
using System.Diagnostics.Metrics;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wayleave.Enforcement.Governance;
using Wayleave.EventStore.Storage;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Tracing;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>
/// The operator with the services of the program, except that its API server is a <see cref="FakeCluster"/> and its clock advances only
/// while a test waits.
/// </summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    // An informer that lost its watch waits once. A write that conflicts waits a few times.
    private const int MaxWaits = 1000;

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

    /// <summary>Turns the event store on. Nothing is written, because the service that would write does not run.</summary>
    public static EventSettings NoEventFiles { get; } =
        new(new EventStoreSettings("/nowhere", TimeSpan.FromDays(1), TimeSpan.FromDays(1), MaxBytes: 0), Port: null, TlsDirectory: null);

    private RunningOperator(FakeCluster cluster, Defaults defaults, RunningOptions options, ApiCapabilities served)
    {
        _cluster = cluster;
        _services = Compose(cluster, defaults, options, _time, _errors, _meters);
        _services.GetService<TraceExport>();
        _services.GetRequiredService<Installation>().SetClusterUid(UidOf(cluster));
        _services.GetRequiredService<ControllerManager>().AttachHandlers();
        _informers =
        [
            .. _services.GetRequiredService<DeclarationCache>().Informers(served),
            .. _services.GetRequiredService<ClusterCache>().Informers(served),
        ];
    }

    /// <summary>The errors that it logged.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    /// <summary>Time since it started, by its own clock.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(0);

    /// <summary>Whether its queues are empty, its caches are current, and no timer runs.</summary>
    public bool IsResting => IsIdle();

    public IServiceProvider Services => _services;

    /// <summary>The installation mark of its policies.</summary>
    public string Mark => _services.GetRequiredService<Installation>().Owner.Installation;

    /// <summary>The value of a metric, by name and labels.</summary>
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

    /// <summary>Starts a replica that does not lead, and waits until its caches have synced.</summary>
    public static async Task<RunningOperator> StandByAsync(FakeCluster cluster, Defaults defaults, RunningOptions? options = null)
    {
        options ??= new RunningOptions();
        var served = await ApiCapabilities.ReadAsync(cluster, CancellationToken.None);
        served = served with { ServesClusters = options.Members is not null, ServesObservedIntents = options.ObservedIntents };
        var started = new RunningOperator(cluster, defaults, options, served);
        await started.ReadAsync();
        return started;
    }

    /// <summary>Whether an informer's store holds what the cluster holds, or is empty because nothing needs it.</summary>
    public static bool IsHeard(FakeCluster cluster, IInformer informer) => informer is IOptionalInformer { IsEnabled: false } idle
        ? idle.IsUpToDate
        : informer is not IOptionalInformer { IsUpToDate: false } && cluster.IsHeard(informer.Resource);

    /// <summary>Becomes leader after its caches hold what the cluster holds.</summary>
    public async Task LeadAsync()
    {
        await WaitForCachesAsync();
        Lead();
    }

    /// <summary>Becomes leader.</summary>
    public void Lead()
    {
        _stopping = new CancellationTokenSource();
        _lost = new CancellationTokenSource();
        _work = _services.GetRequiredService<LeaderTasks>().LeadAsync(_lost.Token, _stopping.Token);
    }

    /// <summary>Stops leading gracefully, as at a shutdown. The informers continue.</summary>
    public async Task StopLeadingAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
        _lost.Dispose();
    }

    /// <summary>Loses the lease, and waits until its controllers have ended.</summary>
    public async Task LoseLeadAsync()
    {
        await _lost.CancelAsync();
        await _work;
    }

    /// <summary>Waits until its caches hold what the cluster holds.</summary>
    public async Task WaitForCachesAsync()
    {
        var clock = Stopwatch.StartNew();
        while (!IsHeard() && clock.Elapsed < Poll.Patience)
        {
            await Pause(clock);
        }
    }

    /// <summary>Enqueues all keys again.</summary>
    public void EnqueueAll()
    {
        _services.GetRequiredService<ControllerManager>().EnqueueAll();
    }

    /// <summary>Waits until its caches are current and it is idle. Advances its clock to the next timer meanwhile.</summary>
    /// <exception cref="TimeoutException">It did not become idle.</exception>
    public async Task SettleAsync()
    {
        var clock = Stopwatch.StartNew();
        for (var waits = 0; !IsIdle() || !IsIdle();)
        {
            if (_work.IsFaulted)
            {
                await _work;
            }

            if (clock.Elapsed > Poll.Patience || waits > MaxWaits)
            {
                throw new TimeoutException($"The operator did not become idle ({clock.Elapsed.TotalSeconds} s, {waits} waits; last writes: {string.Join(", ", _cluster.Writes.TakeLast(5))}).");
            }

            if (_time.Waits is [var next, ..])
            {
                waits++;
                _time.Advance(next);
            }

            await Pause(clock);
        }
    }

    /// <summary>Waits for a condition. Advances its clock only while it has nothing else to do.</summary>
    /// <exception cref="TimeoutException">The condition did not become true.</exception>
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
                throw new TimeoutException($"Timed out waiting for {what} ({clock.Elapsed.TotalSeconds} s; last writes: {string.Join(", ", _cluster.Writes.TakeLast(5))}).");
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
            Governance = new EnforcementDefaults(defaults.Mode, running.Namespace, defaults.Egress) { AllowsExternal = defaults.External },
            Network = NetworkSettings.None,
            Workers = 4,
            AreClustersEnabled = running.Members is not null,
            ReadsObservedIntents = running.ObservedIntents,
            Telemetry = running.Telemetry ?? TelemetrySettings.Default with { Enabled = false },
            Tracing = running.Tracing,
            Events = running.Events ? NoEventFiles : null,
        };
        var services = new ServiceCollection()
            .AddLogging(logging => Providers(running, errors).ForEach(provider => logging.AddProvider(provider)))
            .AddOperator(options, NowhereSource.Create())
            .AddSingleton(provider => provider.GetRequiredService<KubernetesTracing>().Trace(running.Client ?? cluster, ApiClients.Registry))
            .AddSingleton(running.Recorder ?? new SilentRecorder())
            .AddSingleton(time)
            .AddSingleton<IMeterFactory>(meters);
        if (running.Telemetry is null || running.Counter is not null)
        {
            services.AddSingleton(running.Counter ?? new NullUsageCounter());
        }

        if (running.Members is { } wrap)
        {
            services.AddSingleton<MemberFactory>().AddSingleton(provider => wrap(provider.GetRequiredService<MemberFactory>()));
        }

        return services.BuildServiceProvider();
    }

    // Most clusters of these tests have no kube-system and are the only one in their test.
    private static string UidOf(FakeCluster cluster) =>
        cluster.List<V1Namespace>().FirstOrDefault(one => one.Metadata.Name == "kube-system")?.Metadata.Uid ?? "uid-of-the-cluster";

    private static List<ILoggerProvider> Providers(RunningOptions running, ErrorLog errors) =>
        running.Logs is { } logs ? [errors, logs] : [errors];

    // Starts the informers in standby, as OperatorService does.
    private async Task ReadAsync()
    {
        _services.GetRequiredService<LeaderTasks>().StandBy();
        _informing = Task.WhenAll(_informers.Select(informer => Task.Run(() => informer.RunAsync(_reading.Token))));
        await Task.WhenAll(_informers.Select(informer => informer.WaitForSyncAsync(CancellationToken.None))).WaitAsync(Poll.Patience);
    }

    private bool IsAtRest() =>
        IsHeard() && _services.GetRequiredService<StatusQueues>().IsIdle && _services.Part<PolicyQueues>().IsIdle && IsHeard();

    private bool IsIdle()
    {
        var version = _cluster.Version;
        return IsAtRest() && _time.Waits.Count == 0 && IsHeard() && _cluster.Version == version;
    }

    private bool IsHeard() => _informers.All(informer => IsHeard(_cluster, informer));

    // Most waits take only microseconds.
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
