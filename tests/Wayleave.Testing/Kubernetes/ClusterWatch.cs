namespace Wayleave.Testing.Kubernetes;

/// <summary>A watch of one kind.</summary>
internal sealed class ClusterWatch(ClusterHistory history, Lock guard, int next) : IDisposable
{
    private TaskCompletionSource _wakeUp = New();
    private int _next = next;
    private bool _isParked;
    private bool _isEnded;

    /// <summary>Whether it waits for the next change and there is none, so that all earlier changes have been processed.</summary>
    public bool IsWaiting => _isParked && !_isEnded && history.At(_next) is null;

    /// <summary>Waits for the next change. Null when the watch has ended.</summary>
    public async ValueTask<ClusterChange?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wakeUp;
            lock (guard)
            {
                _isParked = false;
                if (_isEnded)
                {
                    return null;
                }

                if (history.At(_next) is { } change)
                {
                    _next++;
                    return change;
                }

                _isParked = true;
                _wakeUp = _wakeUp.Task.IsCompleted ? New() : _wakeUp;
                wakeUp = _wakeUp.Task;
            }

            await wakeUp.WaitAsync(cancellationToken);
        }
    }

    public void Wake() => _wakeUp.TrySetResult();

    public void End()
    {
        _isEnded = true;
        Wake();
    }

    public void Dispose()
    {
        lock (guard)
        {
            history.Close(this);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
