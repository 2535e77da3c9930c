using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Informers;

namespace Wayleave.Operator.Caching;

/// <summary>An informer that can be disabled.</summary>
internal interface IOptionalInformer : IInformer
{
    /// <summary>Whether it is enabled.</summary>
    bool IsEnabled { get; }

    /// <summary>
    /// Whether the store matches the last request and handlers have been called: it holds the first list if it is wanted, and is empty
    /// otherwise.
    /// </summary>
    bool IsUpToDate { get; }

    /// <summary>Called after the first list is complete, each time that the informer was started.</summary>
    Action? OnSynced { get; set; }

    /// <summary>Starts or stops reading. The store is filled or emptied soon after.</summary>
    void SetEnabled(bool isWanted);
}

/// <summary>
/// An informer of a kind that is read only while something needs it, or only while the cluster serves it. While it is stopped its store is
/// empty. Handlers are called on the informer's own task, as those of any informer. Thread-safe.
/// </summary>
internal sealed class OptionalInformer<TEntity> : IOptionalInformer
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan SyncTimeout = TimeSpan.FromSeconds(10);

    private readonly InformerFactory _factory;
    private readonly InformerOptions<TEntity> _options;
    private readonly List<Action<TEntity?, TEntity?>> _handlers = [];
    private readonly List<IListWatchObserver<TEntity>> _observers = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private volatile Informer<TEntity> _informer;
    private volatile bool _isWanted;
    private volatile bool _isOverdue;
    private bool _isReading;
    private bool _isReported;

    public OptionalInformer(InformerFactory factory, InformerOptions<TEntity> options)
    {
        _factory = factory;
        _options = options;
        _informer = factory.Create(options);
    }

    public Action? OnSynced { get; set; }

    public IStore<TEntity> Store => _informer.Store;

    public string Resource => _informer.Resource;

    /// <summary>Whether the store holds what the cluster has, or is not wanted.</summary>
    public bool HasSynced => !_isWanted || _informer.HasSynced;

    public bool IsEnabled => _isWanted;

    public bool IsUpToDate
    {
        get
        {
            lock (_lock)
            {
                return _isReading == _isWanted && (_isReported || !_isReading) && !_changed.Task.IsCompleted;
            }
        }
    }

    /// <summary>An optional informer that cannot sync must not keep the operator from being ready.</summary>
    bool IInformer.HasSynced => HasSynced || _isOverdue;

    /// <summary>Add handlers before <see cref="RunAsync"/>.</summary>
    public void AddHandler(Action<TEntity?, TEntity?> handler) => _handlers.Add(handler);

    /// <summary>Add observers before <see cref="RunAsync"/>.</summary>
    public void AddObserver(IListWatchObserver<TEntity> observer) => _observers.Add(observer);

    public void SetEnabled(bool isWanted)
    {
        lock (_lock)
        {
            if (_isWanted != isWanted)
            {
                _isWanted = isWanted;
                _changed.TrySetResult();
            }
        }
    }

    /// <summary>Completes with the first complete list, and no later than ten seconds from now.</summary>
    public async Task WaitForSyncAsync(CancellationToken cancellationToken)
    {
        if (_isWanted)
        {
            try
            {
                await _informer.WaitForSyncAsync(cancellationToken).WaitAsync(SyncTimeout, _factory.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The informer says in the log what it cannot read.
                _isOverdue = true;
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var (isWanted, changed) = Next();
                if (isWanted)
                {
                    await ReadAsync(changed, cancellationToken);
                }
                else
                {
                    await changed.WaitAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop; what is in the store stays readable.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (bool IsWanted, Task Changed) Next()
    {
        lock (_lock)
        {
            if (_changed.Task.IsCompleted)
            {
                _changed = NewSignal();
            }

            (_isReading, _isReported) = (_isWanted, false);
            return (_isWanted, _changed.Task);
        }
    }

    private async Task ReadAsync(Task changed, CancellationToken cancellationToken)
    {
        var informer = _informer;
        _observers.ForEach(informer.AddObserver);
        _handlers.ForEach(informer.AddHandler);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = informer.RunAsync(ending.Token);
        var synced = ReportAsync(informer, ending.Token);
        await Task.WhenAny(running, changed.WaitAsync(cancellationToken));
        await ending.CancelAsync();
        await running;
        await synced;
        cancellationToken.ThrowIfCancellationRequested();

        // Stale objects must not be used for decisions.
        _informer = _factory.Create(_options);
        foreach (var entity in informer.Store.List())
        {
            _handlers.ForEach(handler => handler(entity, null));
        }
    }

    private async Task ReportAsync(Informer<TEntity> informer, CancellationToken cancellationToken)
    {
        try
        {
            await informer.WaitForSyncAsync(cancellationToken);
            OnSynced?.Invoke();
            lock (_lock)
            {
                _isReported = true;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped before the first list was complete.
        }
    }
}
