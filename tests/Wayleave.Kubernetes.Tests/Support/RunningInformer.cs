using k8s.Models;
using Wayleave.Kubernetes.Informers;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>A running informer of ConfigMaps with a scripted collection. Its pauses last until a test ends them.</summary>
internal sealed class RunningInformer : IAsyncDisposable
{
    // Longer than any pause, and shorter than the request timeout, which is a wait too.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(12);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<string> _changes = [];

    private RunningInformer(TestApi api, FakeCollection collection, InformerOptions<V1ConfigMap> options)
    {
        Api = api;
        Collection = collection;
        Informer = new Informer<V1ConfigMap>(api.Client, Given.Registry, options, api.Meters.Metrics(), api.Time, Log);
        Informer.AddHandler((old, now) =>
        {
            lock (_lock)
            {
                _changes.Add($"{old.Text()} -> {now.Text()}");
            }
        });
    }

    public TestApi Api { get; }

    public FakeCollection Collection { get; }

    public Informer<V1ConfigMap> Informer { get; }

    public FakeLogger<Informer<V1ConfigMap>> Log { get; } = new();

    public Task Run { get; private set; } = Task.CompletedTask;

    public IReadOnlyList<string> Changes
    {
        get
        {
            lock (_lock)
            {
                return [.. _changes];
            }
        }
    }

    public IReadOnlyList<string> Stored => [.. Informer.Store.List().Select(map => map.Text()!).Order()];

    public static async Task<RunningInformer> StartAsync(
        TestCertificates certificates, FakeCollection collection, InformerOptions<V1ConfigMap>? options = null)
    {
        var api = await TestApi.StartAsync(certificates, collection.AnswerAsync);
        var running = new RunningInformer(api, collection, options ?? new InformerOptions<V1ConfigMap>());
        running.Run = Task.Run(() => running.Informer.RunAsync(running._stop.Token));
        return running;
    }

    /// <summary>Waits until these are the last changes that the handler received.</summary>
    public Task ChangedAsync(params string[] last) =>
        Soon.UntilAsync($"the changes {string.Join(", ", last)}", () => Changes.TakeLast(last.Length).SequenceEqual(last));

    public Task RequestedAsync(int count) => Soon.UntilAsync($"{count} requests", () => Collection.Requests.Count >= count);

    /// <summary>Waits until a watch is open. Then its end is the only wait.</summary>
    public Task WatchingAsync() =>
        Soon.UntilAsync("the watch to begin", () => Api.Time.Waits is [var end] && end >= TimeSpan.FromMinutes(5));

    /// <summary>Waits until the informer pauses, and ends its pause.</summary>
    /// <returns>How long it would have paused.</returns>
    public async Task<TimeSpan> EndPauseAsync()
    {
        await Soon.UntilAsync("a pause", () => Api.Time.Waits.Any(wait => wait < LongestPause));
        var pause = Api.Time.Waits[0];
        Api.Time.Advance(pause);
        return pause;
    }

    public Task StopAsync() => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (!Run.IsFaulted)
        {
            // The test expected the failure and has asserted it.
            await Soon.WithinAsync(Run);
        }

        await Api.DisposeAsync();
        _stop.Dispose();
    }
}
