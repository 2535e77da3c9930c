using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Queue;

namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// Keeps a store of one kind true: lists, watches from there, goes on where a watch ended, and lists anew when the API server no longer
/// keeps the version (410 Gone). Handlers run one after the other on the informer's own task; they must be quick and must not throw.
/// </summary>
public sealed partial class Informer<TEntity>(
    IKubernetesClient client,
    EntityRegistry registry,
    InformerOptions<TEntity> options,
    KubernetesMetrics metrics,
    TimeProvider time,
    ILogger<Informer<TEntity>> logger) : IInformer, IEntitySource<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private const int RefusalsBeforeList = 5;

    // One failed reconnect is everyday life (an API server that restarts); a row of them is worth a line.
    private const int FailuresBeforeWarning = 3;

    private readonly StoreUpdater<TEntity> _updater = new(options);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _resourceVersion;
    private int _failures;
    private int _goneInARow;
    private long? _warnedAt;

    public IStore<TEntity> Store => _updater.Store;

    public string Resource { get; } = registry.Get<TEntity>().Entity.PluralName;

    public bool HasSynced => _synced.Task.IsCompleted;

    /// <summary>
    /// Called with the object before (null when added) and after (null when deleted). Add handlers before <see cref="RunAsync"/>.
    /// </summary>
    public void AddHandler(Action<TEntity?, TEntity?> handler) => _updater.AddHandler(handler);

    /// <summary>Add observers before <see cref="RunAsync"/>.</summary>
    public void AddObserver(IListWatchObserver<TEntity> observer) => _updater.AddObserver(observer);

    public Task SyncedAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await StepAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop; what is in the store stays readable.
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        long? watching = null;
        try
        {
            if (_resourceVersion is null)
            {
                await ListAsync(cancellationToken);
            }

            watching = time.GetTimestamp();
            await WatchAsync(cancellationToken);
            Ended(watching);
            if (_failures > 0)
            {
                Failed("the API server ended the watch right away", isLasting: true);
            }
        }
        catch (Exception error) when (IsPassing(error))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Ended(error is TimeoutException ? null : watching);
            Failed(error);
        }

        // After every watch, however it ended: an API server that ends watches at once must not be asked in a tight loop.
        await PauseAsync(cancellationToken);
    }

    // A watch that held for a while proves that all is well again, even if it was silent.
    private void Ended(long? watching) =>
        _failures = watching is { } since && time.GetElapsedTime(since) > options.LongestBackoff ? 0 : _failures;

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        metrics.Listed(Resource);
        _updater.BeginList();
        var listed = new HashSet<NamespacedName>();
        var query = new ListOptions
        {
            Namespace = options.Namespace,
            LabelSelector = options.LabelSelector,
            FieldSelector = options.FieldSelector,
            ResourceVersion = options.BeginsAtHand && !HasSynced && _failures == 0 ? "0" : null,
            Limit = options.PageSize,
            MetadataOnly = options.MetadataOnly,
        };
        V1ListMeta page;
        do
        {
            page = await client.ListAsync<TEntity>(query, entity => Take(entity, listed), cancellationToken);
            query = query with { ContinueToken = page.ContinueProperty, ResourceVersion = null };
        }
        while (!string.IsNullOrEmpty(query.ContinueToken));

        _updater.EndList(listed, page.ResourceVersion);
        _resourceVersion = page.ResourceVersion;
        _synced.TrySetResult();
    }

    private void Take(TEntity entity, HashSet<NamespacedName> listed)
    {
        listed.Add(NamespacedName.Of(entity));
        _updater.TakeListed(entity);
        ThrowIfTooMany();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        metrics.Watched(Resource);
        var query = new ListOptions
        {
            Namespace = options.Namespace,
            LabelSelector = options.LabelSelector,
            FieldSelector = options.FieldSelector,
            ResourceVersion = _resourceVersion,
            Timeout = WatchTimeout(),
            IsKnown = _updater.Store.IsKnown,
            MetadataOnly = options.MetadataOnly,
        };
        await foreach (var change in client.WatchAsync<TEntity>(query, cancellationToken))
        {
            (_failures, _goneInARow) = (0, 0);
            _updater.Take(change);
            ThrowIfTooMany();
            _resourceVersion = change.Entity.Metadata.ResourceVersion ?? _resourceVersion;
        }
    }

    private void ThrowIfTooMany()
    {
        if (Store.Count > options.Most)
        {
            throw new LimitExceededException($"there are more than {options.Most} {Resource}");
        }
    }

    private void Failed(Exception error)
    {
        // After an outage the version may well be gone, once.
        _goneInARow = error is KubernetesException { IsGone: true } ? _goneInARow + 1 : 0;
        Failed(error.Message, isLasting: _goneInARow is 0 or > FailuresBeforeWarning);

        // What cannot be read cannot be resumed past; a version that is refused again and again may be one that this API server never had
        // (a restored backup); and what a silent watch did not deliver, the next one may not deliver either. A list starts afresh.
        if (error is KubernetesException { IsGone: true } or JsonException or SilentWatchException
            || (error is KubernetesException && _failures >= RefusalsBeforeList))
        {
            _resourceVersion = null;
        }
    }

    private void Failed(string reason, bool isLasting)
    {
        if (isLasting && _failures >= FailuresBeforeWarning && IsWarningDue() && options.Messages?.TryLog(reason) != false)
        {
            _warnedAt = time.GetTimestamp();
            LogUnreachable(Resource, _failures + 1, reason);
        }
        else
        {
            LogFailed(Resource, reason);
        }
    }

    private bool IsWarningDue() => _warnedAt is not { } last || time.GetElapsedTime(last) >= FailureReport.WarningInterval;

    private Task PauseAsync(CancellationToken cancellationToken)
    {
        _failures++;
        return Task.Delay(ExponentialDelay.Of(_failures, options.ShortestBackoff, options.LongestBackoff), time, cancellationToken);
    }

    private static bool IsPassing(Exception error) =>
        error is KubernetesException or HttpRequestException or TimeoutException or IOException or JsonException or OperationCanceledException;

    // Spread over five minutes, so that the watches of one process do not all end in the same second.
#pragma warning disable CA5394 // Jitter needs no secrecy.
    private static TimeSpan WatchTimeout() => TimeSpan.FromSeconds(Random.Shared.Next(300, 600));
#pragma warning restore CA5394

    [LoggerMessage(LogLevel.Debug, "{Resource}: the list or watch ended early, will retry: {Error}")]
    private partial void LogFailed(string resource, string error);

    [LoggerMessage(LogLevel.Warning, "{Resource}: cannot list or watch after {Attempts} attempts: {Error}")]
    private partial void LogUnreachable(string resource, int attempts, string error);
}
