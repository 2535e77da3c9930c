namespace Wayleave.Testing.Kubernetes;

/// <summary>One who listens to a kind.</summary>
internal sealed class ClusterWatch(ClusterHistory history, Lock guard, int next) : IDisposable
{
    private TaskCompletionSource _news = New();
    private int _next = next;
    private bool _isParked;
    private bool _isEnded;

    /// <summary>Whether it asks for more and there is none: the listener is then done with all that it was told before.</summary>
    public bool IsWaiting => _isParked && !_isEnded && history.At(_next) is null;

    /// <summary>What happened next, as soon as it has; null when the watch was ended.</summary>
    public async ValueTask<ClusterChange?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
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
                _news = _news.Task.IsCompleted ? New() : _news;
                news = _news.Task;
            }

            await news.WaitAsync(cancellationToken);
        }
    }

    public void Wake() => _news.TrySetResult();

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
