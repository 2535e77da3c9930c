using k8s;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Operator.Metrics;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Detects that another writer overwrites a status of ours, and backs off from writing it again. Thread-safe.
/// </summary>
internal sealed partial class StatusConflicts(
    WriteMetrics metrics, WarningRateLimiter warnings, TimeProvider time, ILogger<StatusConflicts> logger)
{
    private readonly ExpiringCache<(string Kind, NamespacedName Name), Write> _writes = new(
        WriteBackoff<NamespacedName>.MaxDelay * 2, time);
    private readonly WriteBackoff<(string Kind, NamespacedName Name)> _backoff = new(time);

    /// <summary>The remaining backoff of a status write. Zero if it can be sent now.</summary>
    public TimeSpan Remaining<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        IsUndone(entity) ? _backoff.Remaining(KeyOf(entity)) : TimeSpan.Zero;

    /// <summary>The status is up to date. Other changes since the last write were no conflict.</summary>
    public void Confirm<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = KeyOf(entity);
        if (_writes.TryGet(key, out _))
        {
            _writes.Set(key, WriteOf(entity));
        }
    }

    /// <summary>The status was written.</summary>
    /// <param name="before">The object before the write.</param>
    /// <param name="written">The response.</param>
    public void Written<TEntity>(TEntity before, TEntity written)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = KeyOf(before);
        if (IsUndone(before) && _backoff.Record(key))
        {
            Report(key);
        }

        _writes.Set(key, WriteOf(written));
    }

    /// <summary>Clears the state of an earlier leader term.</summary>
    public void Clear()
    {
        _writes.Clear();
        _backoff.Clear();
    }

    private bool IsUndone<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _writes.TryGet(KeyOf(entity), out var last)
        && last!.Uid == entity.Metadata.Uid
        && last.Generation == entity.Metadata.Generation
        && last.ResourceVersion != entity.Metadata.ResourceVersion;

    private void Report((string Kind, NamespacedName Name) key)
    {
        metrics.Conflicted(key.Kind);
        if (_backoff.GetRemainingContention(key) is not null && warnings.TryAcquire($"status {key.Kind} {key.Name}", out var skipped))
        {
            LogContested(key.Kind, key.Name.Namespace, key.Name.Name, skipped);
        }
    }

    private static (string Kind, NamespacedName Name) KeyOf<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => (typeof(TEntity).Name, NamespacedName.From(entity));

    private static Write WriteOf(IKubernetesObject<V1ObjectMeta> entity) =>
        new(entity.Metadata.Uid, entity.Metadata.Generation, entity.Metadata.ResourceVersion);

    [LoggerMessage(LogLevel.Warning, "Another writer keeps changing the status of {Kind} {ObjectNamespace}/{ObjectName}; backing off ({Skipped} similar warnings suppressed)")]
    private partial void LogContested(string kind, string objectNamespace, string objectName, int skipped);

    private sealed record Write(string? Uid, long? Generation, string? ResourceVersion);
}
