using System.Collections.Concurrent;
using Wayleave.Enforcement;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Domains;

/// <summary>
/// Runs the lookups of one cluster's domains in the background, so that no worker of a queue waits for a nameserver. When one has ended,
/// its name is added to the queue again. Thread-safe.
/// </summary>
internal sealed partial class DomainLookupRunner(
    IDomainResolver resolver, PolicyQueues queues, TimeProvider time, ILogger<DomainLookupRunner> logger) : IAsyncDisposable
{
    private const int MaxQuick = 16;

    // Each is two sockets, or a few more when nameservers do not answer.
    private const int MaxAll = 256;

    // Longer than nearly every answer takes.
    private static readonly TimeSpan _quick = TimeSpan.FromMilliseconds(500);

    private readonly LookupSlots _slots = new(MaxQuick, MaxAll);
    private readonly ConcurrentDictionary<string, Lookup> _lookups = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Returns the result of a lookup once. Starts a lookup if none is running, and returns null until it ends.</summary>
    /// <param name="domain">The name.</param>
    /// <param name="clients">The clients that it is looked up for.</param>
    public DomainLookupResult? TryGetResultOrStart(string domain, IReadOnlyList<PolicyKey> clients)
    {
        var lookup = _lookups.GetOrAdd(domain, static _ => new Lookup());
        lookup.Start(() => RunAsync(lookup, domain, clients));
        return lookup.Result is { } result && _lookups.TryRemove(domain, out _) ? result : null;
    }

    /// <summary>Discards the result for a name that no client declares, so that it is not used later.</summary>
    public void Discard(string domain)
    {
        if (_lookups.TryGetValue(domain, out var lookup) && lookup.Result is not null)
        {
            _lookups.TryRemove(domain, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_lookups.Values.Select(lookup => lookup.Task));
        _stopping.Dispose();
    }

    private async Task RunAsync(Lookup lookup, string domain, IReadOnlyList<PolicyKey> clients)
    {
        try
        {
            using var slot = await _slots.AcquireAsync(clients, _stopping.Token);
            lookup.Result = await ResolveAsync(domain, slot);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
# pragma warning disable CA1031 // An unexpected error must not end the lookups of a name. It is retried.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogUnexpected(error, domain);
            lookup.Result = DomainLookupResult.Failed;
        }

        queues.Domains.Add(new DomainName(domain));
    }

    private async Task<DomainLookupResult> ResolveAsync(string domain, LookupSlots.Lease slot)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var result = resolver.ResolveAsync(domain, _stopping.Token);
        if (await Task.WhenAny(result, Task.Delay(_quick, time, ended.Token)) != result)
        {
            slot.MarkSlow();
        }

        await ended.CancelAsync();
        return await result;
    }

    [LoggerMessage(LogLevel.Error, "Looking up {Domain} failed unexpectedly; will retry")]
    private partial void LogUnexpected(Exception error, string domain);

    private sealed class Lookup
    {
        private volatile DomainLookupResult? _result;
        private bool _isStarted;

        public DomainLookupResult? Result
        {
            get => _result;
            set => _result = value;
        }

        public Task Task { get; private set; } = Task.CompletedTask;

        // Only the worker that has the name as its key calls this.
        public void Start(Func<Task> run)
        {
            if (!_isStarted)
            {
                _isStarted = true;
                Task = System.Threading.Tasks.Task.Run(run, CancellationToken.None);
            }
        }
    }
}

/// <summary>
/// Limits concurrent lookups, round-robin by client, so that one client does not delay others. A slow lookup frees its slot for another, up
/// to a total limit. Thread-safe.
/// </summary>
internal sealed class LookupSlots(int maxQuick, int maxAll)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PolicyKey, Queue<Waiter>> _waiting = [];
    private readonly LinkedList<PolicyKey> _turns = new();
    private int _quick;
    private int _all;

    /// <summary>Waits for a place. Dispose it when the lookup has ended.</summary>
    /// <param name="clients">The clients that the name is looked up for: it waits in the shortest of their queues.</param>
    public async Task<Lease> AcquireAsync(IReadOnlyList<PolicyKey> clients, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var canceled = cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
        lock (_lock)
        {
            var client = clients.DefaultIfEmpty(default).MinBy(client => _waiting.GetValueOrDefault(client)?.Count ?? 0);
            if (!_waiting.TryGetValue(client, out var queue))
            {
                _waiting[client] = queue = new Queue<Waiter>();
                _turns.AddLast(client);
            }

            queue.Enqueue(waiter);
            Release();
        }

        return await waiter.Task;
    }

    private void Release()
    {
        while (_quick < maxQuick && _all < maxAll && _turns.First is { } turn)
        {
            var queue = _waiting[turn.Value];
            var waiter = queue.Dequeue();
            _turns.RemoveFirst();
            if (queue.Count > 0)
            {
                _turns.AddLast(turn);
            }
            else
            {
                _waiting.Remove(turn.Value);
            }

            if (waiter.TrySetResult(new Lease(this)))
            {
                _quick++;
                _all++;
            }
        }
    }

    private void ReleaseSlot(bool wasQuick, bool isOver)
    {
        lock (_lock)
        {
            _quick -= wasQuick ? 1 : 0;
            _all -= isOver ? 1 : 0;
            Release();
        }
    }

    /// <summary>The place of one lookup. Used by one thread at a time.</summary>
    internal sealed class Lease(LookupSlots slots) : IDisposable
    {
        private bool _isQuick = true;
        private bool _isOver;

        /// <summary>The lookup is slow, and another may start.</summary>
        public void MarkSlow()
        {
            if (_isQuick)
            {
                _isQuick = false;
                slots.ReleaseSlot(wasQuick: true, isOver: false);
            }
        }

        public void Dispose()
        {
            if (!_isOver)
            {
                _isOver = true;
                slots.ReleaseSlot(_isQuick, isOver: true);
            }
        }
    }

    private sealed class Waiter(TaskCreationOptions options) : TaskCompletionSource<Lease>(options);
}
