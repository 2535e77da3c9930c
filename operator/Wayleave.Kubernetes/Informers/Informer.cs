using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tracing;

namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// Keeps a store of one kind up to date: lists, watches from the version of the list, resumes when a watch ends, and relists when the
/// version has expired (410 Gone). Handlers run one at a time on the informer's task. They must be quick and must not throw.
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

    // A single failed reconnect is normal, for example while an API server restarts.
    private const int FailuresBeforeWarning = 3;

    private readonly DeltaProcessor<TEntity> _processor = new(options);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ListOptions _query = new()
    {
        Namespace = options.Namespace,
        LabelSelector = options.LabelSelector,
        FieldSelector = options.FieldSelector,
        MetadataOnly = options.MetadataOnly,
    };

    private string? _resourceVersion;
    private int _failures;
    private int _consecutiveExpirations;
    private long? _warnedAt;

    public IStore<TEntity> Store => _processor.Store;

    public string Resource { get; } = registry.Get<TEntity>().Entity.PluralName;

    public bool HasSynced => _synced.Task.IsCompleted;

    public void AddHandler(Action<TEntity?, TEntity?> handler) => _processor.AddHandler(handler);

    /// <summary>Add observers before <see cref="RunAsync"/>.</summary>
    public void AddObserver(IListWatchObserver<TEntity> observer) => _processor.AddObserver(observer);

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await ListAndWatchAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped. The store stays readable.
        }
    }

    private async Task ListAndWatchAsync(CancellationToken cancellationToken)
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
            ResetFailuresIfHealthy(watching);
            if (_failures > 0)
            {
                LogFailure("the API server ended the watch right away", isLasting: true);
            }
        }
        catch (Exception error) when (IsTransient(error))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ResetFailuresIfHealthy(error is TimeoutException ? null : watching);
            HandleFailure(error);
        }

        // After every watch, also a successful one: an API server that ends watches at once must not cause a tight loop.
        await DelayAsync(cancellationToken);
    }

    // A watch that lasted longer than the longest backoff was healthy, even if it delivered nothing.
    private void ResetFailuresIfHealthy(long? watching) =>
        _failures = watching is { } since && time.GetElapsedTime(since) > options.MaxBackoff ? 0 : _failures;

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        metrics.RecordList(Resource);
        _processor.BeginList();
        var listed = new HashSet<NamespacedName>();
        var query = _query with
        {
            ResourceVersion = options.ListFromCache && !HasSynced && _failures == 0 ? "0" : null,
            Limit = options.PageSize,
        };
        V1ListMeta page;
        do
        {
            page = await client.ListAsync<TEntity>(query, entity => ProcessListed(entity, listed), cancellationToken);
            query = query with { ContinueToken = page.ContinueProperty, ResourceVersion = null };
        }
        while (!string.IsNullOrEmpty(query.ContinueToken));

        _processor.EndList(listed, page.ResourceVersion);
        _resourceVersion = page.ResourceVersion;
        _synced.TrySetResult();
    }

    private void ProcessListed(TEntity entity, HashSet<NamespacedName> listed)
    {
        listed.Add(NamespacedName.From(entity));
        _processor.ProcessListed(entity);
        ThrowIfTooMany();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        metrics.RecordWatch(Resource);
        var query = _query with
        {
            ResourceVersion = _resourceVersion,
            Timeout = NextWatchTimeout(),
            IsKnown = _processor.Store.IsKnown,
        };
        await foreach (var change in client.WatchAsync<TEntity>(query, cancellationToken))
        {
            (_failures, _consecutiveExpirations) = (0, 0);
            _processor.Process(change);
            ThrowIfTooMany();
            _resourceVersion = change.Entity.Metadata.ResourceVersion ?? _resourceVersion;
        }
    }

    private void ThrowIfTooMany()
    {
        if (Store.Count > options.MaxObjects)
        {
            throw new LimitExceededException($"there are more than {options.MaxObjects} {Resource}");
        }
    }

    private void HandleFailure(Exception error)
    {
        // One expired version is normal after an outage.
        _consecutiveExpirations = error is KubernetesException { IsGone: true } ? _consecutiveExpirations + 1 : 0;
        LogFailure(error.Message, isLasting: _consecutiveExpirations is 0 or > FailuresBeforeWarning);

        // Relist when resuming cannot help: an event that cannot be parsed, a version that this API server may never have had (a restored
        // backup), or a watch that stayed silent.
        if (error is KubernetesException { IsGone: true } or JsonException or InvalidDataException or WatchTimeoutException
            || (error is KubernetesException && _failures >= RefusalsBeforeList))
        {
            _resourceVersion = null;
            if (HasSynced)
            {
                options.OnRelist?.Invoke(Resource, ErrorType.FromException(error));
            }
        }
    }

    private void LogFailure(string reason, bool isLasting)
    {
        if (isLasting && _failures >= FailuresBeforeWarning && IsWarningDue() && options.LogThrottle?.ShouldLog(reason) != false)
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

    private Task DelayAsync(CancellationToken cancellationToken)
    {
        _failures++;
        return Task.Delay(ExponentialBackoff.Calculate(_failures, options.MinBackoff, options.MaxBackoff), time, cancellationToken);
    }

    private static bool IsTransient(Exception error) =>
        error is KubernetesException or HttpRequestException or TimeoutException or IOException or JsonException or InvalidDataException
            or OperationCanceledException;

    // Jitter of five minutes, so that the watches of one process do not all end at once.
#pragma warning disable CA5394 // Jitter does not need a secure random number.
    private static TimeSpan NextWatchTimeout() => TimeSpan.FromSeconds(Random.Shared.Next(300, 600));
#pragma warning restore CA5394

    [LoggerMessage(LogLevel.Debug, "List or watch of {Resource} failed; will retry: {Error}")]
    private partial void LogFailed(string resource, string error);

    [LoggerMessage(LogLevel.Warning, "Cannot list or watch {Resource} after {Attempts} attempts: {Error}")]
    private partial void LogUnreachable(string resource, int attempts, string error);
}
