using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.EventHandlers;

/// <summary>
/// The caches, event handlers and policy queue of an operator whose caches have synced. No controller runs, so the keys that a change
/// enqueues stay in the queue until a test reads them.
/// </summary>
internal sealed class EnqueuedKeys : IAsyncDisposable
{
    private readonly FakeCluster _cluster;
    private readonly RunningOperator _running;

    private EnqueuedKeys(FakeCluster cluster, RunningOperator running) => (_cluster, _running) = (cluster, running);

    /// <summary>The owner of the policies of this operator.</summary>
    public PolicyOwner Owner => new(_running.Mark);

    public static async Task<EnqueuedKeys> StartAsync(FakeCluster cluster, bool egress = false)
    {
        var running = await RunningOperator.StandByAsync(cluster, new Defaults(EnforcementMode.Enforce, egress));
        await running.WaitForCachesAsync();
        running.Services.Part<PolicyQueues>().Resume();
        return new EnqueuedKeys(cluster, running);
    }

    public T Part<T>()
        where T : class => _running.Services.Part<T>();

    /// <summary>The keys that a change enqueues, in alphabetical order.</summary>
    public async Task<IReadOnlyList<string>> AfterAsync(Action<FakeUser> change)
    {
        change(_cluster.User);
        return await ReadAsync();
    }

    /// <summary>
    /// Waits until the caches hold what the cluster holds, and takes all keys out of the queue. Returns them in alphabetical order.
    /// </summary>
    public async Task<IReadOnlyList<string>> ReadAsync() => [.. (await ReadInOrderAsync()).Order(StringComparer.Ordinal)];

    /// <summary>The same, in the order in which they are reconciled.</summary>
    public async Task<IReadOnlyList<string>> ReadInOrderAsync()
    {
        await _running.WaitForCachesAsync();
        var queue = _running.Services.Part<PolicyQueues>().Policies;
        var keys = new List<string>();
        while (queue.Count > 0)
        {
            var key = await queue.GetAsync(CancellationToken.None);
            queue.Done(key);
            keys.Add(key.ToString());
        }

        return keys;
    }

    public ValueTask DisposeAsync() => _running.DisposeAsync();
}
