using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Sees policies and ready ClientIntents arrive, in all namespaces.</summary>
internal sealed class Arrivals : IAsyncDisposable
{
    private readonly int _expected;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _policies = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _intents = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;

    public Arrivals(TestCluster cluster, int expected)
    {
        _expected = expected;
        _watching = Task.WhenAll(
            WatchAsync<V1NetworkPolicy>(cluster, _policies, _ => true),
            WatchAsync<ClientIntents>(cluster, _intents, intents => intents.Status?.ObservedGeneration == intents.Metadata.Generation));
    }

    /// <summary>Returns when all are there.</summary>
    public Task CompleteAsync() => Task.WhenAll(_policies.Task, _intents.Task).WaitAsync(TimeSpan.FromMinutes(5));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync<TEntity>(TestCluster cluster, TaskCompletionSource complete, Func<TEntity, bool> counts)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var seen = new HashSet<NamespacedName>();
        try
        {
            // An API server ends the watch of a reader that falls behind. The next one begins with all that is there.
            while (!_end.IsCancellationRequested)
            {
                await foreach (var change in cluster.Client.WatchAsync<TEntity>(new ListOptions(), _end.Token))
                {
                    if (counts(change.Entity) && seen.Add(NamespacedName.Of(change.Entity)) && seen.Count == _expected)
                    {
                        complete.SetResult();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // All have been seen.
        }
    }
}
