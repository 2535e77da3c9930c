using System.Collections.Concurrent;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>A controller with its queue and dependencies. <see cref="Start"/> starts it; disposing aborts it.</summary>
internal sealed class RunningController : IAsyncDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abort = new();

    public RunningController(
        Func<NamespacedName, CancellationToken, Task<ReconciliationResult>> reconcile, int workers = 1, bool traces = false,
        bool remembersCauses = false)
    {
        Tracing = new KubernetesTracing(traces);
        Reconciler = new FakeReconciler(reconcile);
        var metrics = Meters.Metrics();
        Queue = new RateLimitingQueue<NamespacedName>("tests", metrics, Time) { MeasuresWaits = traces, RemembersCauses = remembersCauses };
        var options = new ControllerOptions { Name = "tests", Kind = "Thing", Workers = workers, OnError = FailedAttempts.Enqueue, Tracing = Tracing };
        Controller = new Controller<NamespacedName>(Queue, Reconciler, options, metrics, Time, Log);
    }

    public FakeMeters Meters { get; } = new();

    public KubernetesTracing Tracing { get; }

    public ManualTimeProvider Time { get; } = new();

    public FakeLogger<Controller<NamespacedName>> Log { get; } = new();

    public FakeReconciler Reconciler { get; }

    public RateLimitingQueue<NamespacedName> Queue { get; }

    public Controller<NamespacedName> Controller { get; }

    /// <summary>The failures that the controller reported.</summary>
    public IReadOnlyList<Exception> Failures => [.. FailedAttempts.Select(failure => failure.Error)];

    public ConcurrentQueue<ReconcileFailure> FailedAttempts { get; } = new();

    public Task Run { get; private set; } = Task.CompletedTask;

    public static NamespacedName Key(string name) => new("shop", name);

    public RunningController Start()
    {
        Run = Controller.RunAsync(_drain.Token, _abort.Token);
        return this;
    }

    public void Add(params string[] names)
    {
        foreach (var name in names)
        {
            Queue.Add(Key(name));
        }
    }

    public Task DrainAsync() => _drain.CancelAsync();

    public Task AbortAsync() => _abort.CancelAsync();

    public Task IdleAsync() => Soon.UntilAsync("the queue to be idle", () => Queue.IsIdle);

    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        await Soon.WithinAsync(Run);
        Queue.Dispose();
        Meters.Dispose();
        Tracing.Dispose();
        _abort.Dispose();
        _drain.Dispose();
    }
}
