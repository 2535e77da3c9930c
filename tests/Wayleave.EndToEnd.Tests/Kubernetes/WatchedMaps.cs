using System.Collections.Concurrent;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Kubernetes.Informers;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A running informer for the ConfigMaps of one namespace, with the changes that it reported.</summary>
internal sealed class WatchedMaps : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly Informer<V1ConfigMap> _informer;
    private readonly Task _run;

    private WatchedMaps(LayerClient client, InformerOptions<V1ConfigMap> options)
    {
        Client = client;
        _informer = new Informer<V1ConfigMap>(
            client.Kubernetes, LayerClient.Registry, options, client.Metrics, TimeProvider.System, NullLogger<Informer<V1ConfigMap>>.Instance);
        _informer.AddHandler((old, now) => _seen.Enqueue($"{old?.Metadata.Name} -> {now?.Metadata.Name}"));
        _run = _informer.RunAsync(_stop.Token);
    }

    public LayerClient Client { get; }

    /// <summary>Names before and after each change.</summary>
    public IReadOnlyList<string> Seen => [.. _seen];

    public double Lists => Client.Meters["wayleave_informer_lists_total{resource=configmaps}"];

    public static async Task<WatchedMaps> StartAsync(LayerClient client, InformerOptions<V1ConfigMap> options)
    {
        // Controllers publish certificates in every namespace: kube-root-ca.crt, and some distributions others.
        var maps = new WatchedMaps(client, options with { Filter = map => map.Metadata.Name?.EndsWith("-ca.crt", StringComparison.Ordinal) != true });
        await maps._informer.WaitForSyncAsync(CancellationToken.None).WaitAsync(Poll.Patience);
        return maps;
    }

    /// <summary>Waits until the store holds exactly these.</summary>
    public Task UntilAsync(params IReadOnlyList<string> names) => Poll.UntilAsync(
        $"the store to hold {string.Join(' ', names)}",
        _ => Task.FromResult(string.Join(' ', _informer.Store.List().Select(map => map.Metadata.Name).Order(StringComparer.Ordinal))),
        seen => seen == string.Join(' ', names.Order(StringComparer.Ordinal)),
        Poll.Patience,
        CancellationToken.None);

    /// <summary>Waits until exactly these changes have been reported since, in any order. The store has each change a moment earlier.</summary>
    public Task UntilSeenAsync(int since, params IReadOnlyList<string> changes) => Poll.UntilAsync(
        $"the changes {string.Join(", ", changes)}",
        _ => Task.FromResult(string.Join(", ", Seen.Skip(since).Order(StringComparer.Ordinal))),
        seen => seen == string.Join(", ", changes.Order(StringComparer.Ordinal)),
        Poll.Patience,
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(Poll.Patience);
        _stop.Dispose();
    }
}
