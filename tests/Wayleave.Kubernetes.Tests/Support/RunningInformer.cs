using k8s.Models;
using Wayleave.Kubernetes.Informers;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>An informer of ConfigMaps at work against a scripted collection, and all that it did. Its pauses last until a test ends them.</summary>
internal sealed class RunningInformer : IAsyncDisposable
{
    // Longer than any pause, and shorter than the time a request may take, which is a wait too.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(12);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<string> _told = [];

    private RunningInformer(TestApi api, FakeCollection collection, InformerOptions<V1ConfigMap> options)
    {
        Api = api;
        Collection = collection;
        Informer = new Informer<V1ConfigMap>(api.Client, Given.Registry, options, api.Meters.Metrics(), api.Time, Log);
        Informer.AddHandler((old, now) =>
        {
            lock (_lock)
            {
                _told.Add($"{old.Text()} -> {now.Text()}");
            }
        });
    }

    public TestApi Api { get; }

    public FakeCollection Collection { get; }

    public Informer<V1ConfigMap> Informer { get; }

    public FakeLogger<Informer<V1ConfigMap>> Log { get; } = new();

    public Task Run { get; private set; } = Task.CompletedTask;

    public IReadOnlyList<string> Told
    {
        get
        {
            lock (_lock)
            {
                return [.. _told];
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

    /// <summary>Waits for what was told so far to end with these.</summary>
    public Task ToldAsync(params string[] last) =>
        Soon.UntilAsync($"to be told {string.Join(", ", last)}", () => Told.TakeLast(last.Length).SequenceEqual(last));

    public Task RequestedAsync(int count) => Soon.UntilAsync($"{count} requests", () => Collection.Requests.Count >= count);

    /// <summary>Waits until a watch is open: then nothing is waited for but its end.</summary>
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
            // A failure is what the test was about, and it has seen it.
            await Soon.WithinAsync(Run);
        }

        await Api.DisposeAsync();
        _stop.Dispose();
    }
}
