using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Records when each change in a namespace arrives, for the changes that count.</summary>
internal sealed class ChangeWatch<TEntity> : IAsyncDisposable
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Channel<(string? Name, long At)> _seen = Channel.CreateUnbounded<(string?, long)>();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    public ChangeWatch(TestCluster cluster, string @namespace, Func<TEntity, bool>? counts = null) => _watching = WatchAsync(cluster, @namespace, counts);

    /// <summary>When the next change of the object arrived, as a <see cref="Stopwatch"/> timestamp.</summary>
    public async Task<long> NextAsync(string name)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var (changed, at) = await _seen.Reader.ReadAsync(patience.Token);
            if (changed == name)
            {
                return at;
            }
        }
    }

    /// <summary>Discards the changes that arrived so far.</summary>
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

    private async Task WatchAsync(TestCluster cluster, string @namespace, Func<TEntity, bool>? counts)
    {
        try
        {
            // An API server may end a watch; the next one continues at the last version.
            for (var version = 0L; ;)
            {
                var from = new ListOptions { Namespace = @namespace, ResourceVersion = version.ToString(CultureInfo.InvariantCulture) };
                await foreach (var change in cluster.Client.WatchAsync<TEntity>(from, _end.Token))
                {
                    version = Math.Max(version, long.Parse(change.Entity.Metadata.ResourceVersion!, CultureInfo.InvariantCulture));
                    if (change.Type != WatchEventType.Bookmark && counts?.Invoke(change.Entity) != false)
                    {
                        _seen.Writer.TryWrite((change.Entity.Metadata.Name, Stopwatch.GetTimestamp()));
                    }
                }
            }
        }
        catch (Exception error)
        {
            // Pass the error to the reader that waits for a change.
            _seen.Writer.TryComplete(error);
        }
    }
}
