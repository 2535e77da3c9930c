using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wayleave.Enforcement.Governance;
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
    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IInformer> _informers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _reading = new();
    private Task _work = Task.CompletedTask;

    private RunningOperator(FakeCluster cluster, Defaults defaults, ServedKinds served)
    {
        _cluster = cluster;
        _services = Compose(cluster, defaults, _time, _errors);
        _services.GetRequiredService<Leadership>();
        _informers =
        [
            .. _services.GetRequiredService<DeclarationCache>().Informers(served),
            .. _services.GetRequiredService<ClusterCache>().Informers(served),
        ];
    }

    /// <summary>What it logged as an error.</summary>
    public IReadOnlyCollection<string> Errors => _errors.Lines;

    public static async Task<RunningOperator> StartAsync(FakeCluster cluster, Defaults defaults)
    {
        var started = new RunningOperator(cluster, defaults, await ServedKinds.ReadAsync(cluster, CancellationToken.None));
        started._work = await started.RunAsync();
        return started;
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
        await _services.DisposeAsync();
        _stopping.Dispose();
        _reading.Dispose();
    }

    private static ServiceProvider Compose(FakeCluster cluster, Defaults defaults, TimeProvider time, ErrorLog errors)
    {
        var options = new OperatorOptions
        {
            Namespace = Names.OperatorNamespace,
            Instance = "test",
            Governance = new GovernanceDefaults(defaults.Mode, Names.OperatorNamespace, defaults.Egress) { External = defaults.External },
            Network = NetworkSettings.None,
            Workers = 4,
            Telemetry = TelemetrySettings.Default with { Enabled = false },
        };
        return new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(errors))
            .AddOperator(options, new KubernetesClientConfiguration { Host = new Uri("http://localhost:1/") })
            .AddSingleton<IKubernetesClient>(cluster)
            .AddSingleton<IEventRecorder, SilentRecorder>()
            .AddSingleton(time)
            .BuildServiceProvider();
    }

    // As OperatorService does it.
    private async Task<Task> RunAsync()
    {
        var reading = Task.WhenAll(_informers.Select(informer => Task.Run(() => informer.RunAsync(_reading.Token))));
        await Task.WhenAll(_informers.Select(informer => informer.SyncedAsync(CancellationToken.None))).WaitAsync(_patience);
        return WorkAsync(reading);
    }

    private async Task WorkAsync(Task reading)
    {
        await _services.GetRequiredService<Leadership>().LeadAsync(CancellationToken.None, _stopping.Token);
        await _reading.CancelAsync();
        await reading;
    }

    private bool IsIdle()
    {
        var version = _cluster.Version;
        return IsHeard() && _services.GetRequiredService<WorkQueues>().IsIdle && _services.GetRequiredService<SubjectQueues>().IsIdle && _time.Waits.Count == 0 && IsHeard() && _cluster.Version == version;
    }

    private bool IsHeard() => _informers.All(informer => informer is IOptionalInformer { IsWanted: false } idle
        ? idle.IsSettled
        : informer is not IOptionalInformer { IsSettled: false } && _cluster.IsHeard(informer.Resource));

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
