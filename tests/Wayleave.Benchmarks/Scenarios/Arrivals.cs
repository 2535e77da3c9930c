using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Watches policies and reported ClientIntents arrive, in all namespaces.</summary>
internal sealed class Arrivals : IAsyncDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);
    private readonly int _expected;
    private readonly CancellationTokenSource _end = new();
    private readonly Task<int> _policies;
    private readonly Task<int> _intents;

    public Arrivals(TestCluster cluster, int expected)
    {
        _expected = expected;
        _policies = WatchAsync<V1NetworkPolicy>(cluster, _ => true);
        _intents = WatchAsync<ClientIntents>(cluster, IsReported);
    }

    /// <summary>Whether the status is of the current generation.</summary>
    public static bool IsReported(ClientIntents intents) => intents.Status?.ObservedGeneration == intents.Metadata.Generation;

    /// <summary>Returns when all have arrived.</summary>
    /// <exception cref="TimeoutException">Some have not arrived after five minutes.</exception>
    public async Task CompleteAsync()
    {
        _end.CancelAfter(Within);
        if (await _policies + await _intents < 2 * _expected)
        {
            throw new TimeoutException($"Of {_expected} each, {await _policies} policies and {await _intents} statuses came within {Within}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_policies, _intents);
        _end.Dispose();
    }

    private async Task<int> WatchAsync<TEntity>(TestCluster cluster, Func<TEntity, bool> counts)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var seen = new HashSet<NamespacedName>();
        try
        {
            // An API server ends the watch of a slow reader. The next watch starts with all existing objects.
            while (true)
            {
                await foreach (var change in cluster.Client.WatchAsync<TEntity>(new ListOptions(), _end.Token))
                {
                    // Objects of the previous round may still appear first, followed by their deletion.
                    var name = NamespacedName.From(change.Entity);
                    if (change.Type == WatchEventType.Deleted)
                    {
                        seen.Remove(name);
                    }
                    else if (counts(change.Entity) && seen.Add(name) && seen.Count == _expected)
                    {
                        return seen.Count;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return seen.Count;
        }
    }
}
