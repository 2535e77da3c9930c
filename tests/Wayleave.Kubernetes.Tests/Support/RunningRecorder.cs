using k8s.Models;
using Wayleave.Kubernetes.Events;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>An event recorder. The first event that is sent starts it.</summary>
internal sealed class RunningRecorder : IAsyncDisposable
{
    private readonly FakeMeters _meters = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly EventRecorder _recorder;
    private int _sent;

    public RunningRecorder(string instance = "wayleave-7d9f") =>
        _recorder = new EventRecorder(Api, new EventSource("wayleave.dev/operator", instance) { TraceIdAnnotation = "wayleave.dev/trace-id" }, _meters.Metrics(), Time, Log);

    public FakeEventApi Api { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public FakeLogger<EventRecorder> Log { get; } = new();

    public Task Run { get; private set; } = Task.CompletedTask;

    public double Dropped => _meters["wayleave_events_dropped_total{}"];

    public void Start() => Run = _recorder.RunAsync(_stop.Token);

    public Task StopAsync() => _stop.CancelAsync();

    public void Record(V1ObjectReference regarding, string type = "Warning", string reason = "AmbiguousWorkload", string note = "two kinds are called cart") =>
        _recorder.Record(regarding, type, reason, "Resolve", note);

    public void Record(string name = "checkout", string type = "Warning", string reason = "AmbiguousWorkload", string note = "two kinds are called cart") =>
        Record(new V1ObjectReference { Kind = "ClientIntents", Name = name, NamespaceProperty = "shop", Uid = $"uid-{name}" }, type, reason, note);

    /// <summary>Records an event and waits until it was sent or dropped.</summary>
    public async Task SendAsync(Action record)
    {
        if (Run.IsCompleted)
        {
            Start();
        }

        record();
        _sent++;
        await Soon.UntilAsync("the event", () => Api.Created.Count + Api.Patches.Count + Dropped >= _sent);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Soon.WithinAsync(Run);
        _stop.Dispose();
        _meters.Dispose();
    }
}
