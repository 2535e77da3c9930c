using System.Diagnostics;
using System.Threading.Channels;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Sees every change of a NetworkPolicy in one namespace at the moment it arrives.</summary>
internal sealed class PolicyWatch : IAsyncDisposable
{
    private readonly Channel<(string? Name, long At)> _seen = Channel.CreateUnbounded<(string?, long)>();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    public PolicyWatch(TestCluster cluster, string @namespace) => _watching = WatchAsync(cluster, @namespace);

    /// <summary>When the policy was next seen to change, as a <see cref="Stopwatch"/> timestamp.</summary>
    public async Task<long> NextAsync(string policy)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var (name, at) = await _seen.Reader.ReadAsync(patience.Token);
            if (name == policy)
            {
                return at;
            }
        }
    }

    /// <summary>Forgets what was seen so far.</summary>
    public void Forget()
    {
        while (_seen.Reader.TryRead(out _))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync(TestCluster cluster, string @namespace)
    {
        try
        {
            await foreach (var change in cluster.Client.WatchAsync<V1NetworkPolicy>(new ListOptions { Namespace = @namespace }, _end.Token))
            {
                _seen.Writer.TryWrite((change.Entity.Metadata.Name, Stopwatch.GetTimestamp()));
            }
        }
        catch (OperationCanceledException)
        {
            // All changes have been seen.
        }
    }
}
