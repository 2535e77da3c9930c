using Wayleave.Enforcement;

namespace Wayleave.Operator.Domains;

/// <summary>
/// How many lookups run at once, and whose turn it is. Clients take turns, so that the names of one do not hold up those of another. A
/// lookup that turns out to be slow gives its place to the next: only the number of all lookups bounds how many slow ones there are. Safe
/// for any number of threads.
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
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Slot> EnterAsync(IReadOnlyList<PolicyKey> clients, CancellationToken cancellationToken)
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

            if (waiter.TrySetResult(new Slot(this)))
            {
                _quick++;
                _all++;
            }
        }
    }

    private void Leave(bool wasQuick, bool isOver)
    {
        lock (_lock)
        {
            _quick -= wasQuick ? 1 : 0;
            _all -= isOver ? 1 : 0;
            Release();
        }
    }

    /// <summary>The place of one lookup. Used by one thread at a time.</summary>
    internal sealed class Slot(LookupSlots slots) : IDisposable
    {
        private bool _isQuick = true;
        private bool _isOver;

        /// <summary>The lookup is slow, and another may start.</summary>
        public void MarkSlow()
        {
            if (_isQuick)
            {
                _isQuick = false;
                slots.Leave(wasQuick: true, isOver: false);
            }
        }

        public void Dispose()
        {
            if (!_isOver)
            {
                _isOver = true;
                slots.Leave(_isQuick, isOver: true);
            }
        }
    }

    private sealed class Waiter(TaskCreationOptions options) : TaskCompletionSource<Slot>(options);
}
