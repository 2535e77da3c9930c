using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Telemetry.Settings;
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
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    // An informer that lost its watch waits once, a write that somebody got ahead of a few times.
    private const int MostWaits = 1000;

    private readonly FakeCluster _cluster;
    private readonly ManualTimeProvider _time = new();
    private readonly ErrorLog _errors = new();
    private readonly FakeMeters _meters = new();
    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IInformer> _informers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _reading = new();
    private CancellationTokenSource _lost = new();
    private Task _informing = Task.CompletedTask;
    private Task _work = Task.CompletedTask;

    private RunningOperator(FakeCluster cluster, Defaults defaults)
    {
        _cluster = cluster;
        _services = Compose(cluster, defaults, _time, _errors, _meters);
        _services.GetRequiredService<Leadership>();
        var served = new ServedKinds(CronJobs: true, EndpointSlices: true);
        _informers =
        [
            .. _services.GetRequiredService<DeclarationCache>().Informers(served),
            .. _services.GetRequiredService<ClusterCache>().Informers(served),
        ];
    }

    /// <summary>What it logged as an error.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    /// <summary>What its metrics say, by name and labels.</summary>
    public double Measured(string series) => _meters[series];

    public static async Task<RunningOperator> StartAsync(FakeCluster cluster, Defaults defaults)
    {
        var started = await StandByAsync(cluster, defaults);
        started.Lead();
        return started;
    }

    /// <summary>A replica that does not lead yet; its caches are filled.</summary>
    public static async Task<RunningOperator> StandByAsync(FakeCluster cluster, Defaults defaults)
    {
        var started = new RunningOperator(cluster, defaults);
        await started.ReadAsync();
        return started;
    }

    /// <summary>Gains the lead.</summary>
    public void Lead()
    {
        _lost = new CancellationTokenSource();
        _work = _services.GetRequiredService<Leadership>().LeadAsync(_lost.Token, _stopping.Token);
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
        while (!IsHeard() && clock.Elapsed < _patience)
        {
            await Pause(clock);
        }
    }

    /// <summary>Makes it look at everything again.</summary>
    public void LookAgain()
    {
        _services.GetRequiredService<ChangeRouter>().EnqueueAll();
        _services.GetRequiredService<DeclarationRouter>().EnqueueAll();
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

            if (clock.Elapsed > _patience || waits > MostWaits)
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

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        await _reading.CancelAsync();
        await _informing;
        await _services.DisposeAsync();
        _meters.Dispose();
        _stopping.Dispose();
        _reading.Dispose();
        _lost.Dispose();
    }

    private static ServiceProvider Compose(FakeCluster cluster, Defaults defaults, TimeProvider time, ErrorLog errors, FakeMeters meters)
    {
        var options = new OperatorOptions
        {
            Namespace = Names.OperatorNamespace,
            Instance = "test",
            Mode = defaults.Mode,
            Egress = defaults.Egress,
            Workers = 4,
            Telemetry = TelemetrySettings.Default with { Enabled = false },
        };
        return new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(errors))
            .AddOperator(options, new KubernetesClientConfiguration { Host = new Uri("http://localhost:1/") })
            .AddSingleton<IKubernetesClient>(cluster)
            .AddSingleton<IEventRecorder, SilentRecorder>()
            .AddSingleton(time)
            .AddSingleton<IMeterFactory>(meters)
            .BuildServiceProvider();
    }

    // As OperatorService does it.
    private async Task ReadAsync()
    {
        _services.GetRequiredService<Leadership>().StandBy();
        _informing = Task.WhenAll(_informers.Select(informer => Task.Run(() => informer.RunAsync(_reading.Token))));
        await Task.WhenAll(_informers.Select(informer => informer.SyncedAsync(CancellationToken.None))).WaitAsync(_patience);
    }

    private bool IsIdle()
    {
        var version = _cluster.Version;
        return IsHeard() && _services.GetRequiredService<WorkQueues>().IsIdle && _services.GetRequiredService<SubjectQueues>().IsIdle && _time.Waits.Count == 0 && IsHeard() && _cluster.Version == version;
    }

    private bool IsHeard() => _informers.All(informer => _cluster.IsHeard(informer.Resource));

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
