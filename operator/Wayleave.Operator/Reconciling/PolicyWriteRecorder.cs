using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Metrics;

namespace Wayleave.Operator.Reconciling;

/// <summary>Logs and counts the policy writes of one cluster, and records them as Events and in the event store.</summary>
internal sealed partial class PolicyWriteRecorder(
    ClusterCache cache, ReportServices reports, WarningRateLimiter warnings, ILogger<PolicyWriter> logger)
{
    private const int MostEvents = 10;

    private readonly string? _member = cache.Name == Enforcement.Targets.ClusterSelectionMatcher.Local ? null : cache.Name;

    public void Created(V1NetworkPolicy policy, PolicySources sources)
    {
        LogCreated(policy.Metadata.NamespaceProperty, policy.Metadata.Name, sources.Describe(policy.Metadata.Name!));
        reports.Recorder.PolicyCreated(policy, sources, _member);
    }

    public void Updated(V1NetworkPolicy before, V1NetworkPolicy policy, PolicySources sources)
    {
        LogUpdated(policy.Metadata.NamespaceProperty, policy.Metadata.Name, sources.Describe(policy.Metadata.Name!));
        reports.Recorder.PolicyUpdated(before, policy, sources, _member);
    }

    public void Deleted(V1NetworkPolicy policy, PolicySources sources)
    {
        LogDeleted(policy.Metadata.NamespaceProperty, policy.Metadata.Name, sources.Describe(policy.Metadata.Name!));
        reports.Recorder.PolicyDeleted(policy, sources, _member);
    }

    /// <summary>Someone else had changed or deleted the policy, and it was written again.</summary>
    /// <param name="before">What someone else had made of it. Null if it was deleted.</param>
    /// <param name="policy">What was written.</param>
    /// <param name="sources">The declarations that it comes from.</param>
    public void Restored(V1NetworkPolicy? before, V1NetworkPolicy policy, PolicySources sources)
    {
        var change = before is null ? "deleted" : "changed";
        reports.Writes.Repaired();
        reports.Recorder.PolicyRestored(before, policy, sources, _member);
        LogRestored(policy.Metadata.NamespaceProperty, policy.Metadata.Name, change, sources.Describe(policy.Metadata.Name!));
        var where = _member is null ? "" : $"cluster {_member}: ";
        var note = $"{where}the NetworkPolicy {policy.Metadata.NamespaceProperty}/{policy.Metadata.Name} was {change} by someone else and has been restored";
        foreach (var (kind, name) in sources.GetDeclarations(policy.Metadata.Name!).Take(MostEvents))
        {
            if (Find(kind, name) is { } declaration)
            {
                reports.Events.Record(EventReference.To(declaration, kind), "Warning", Reasons.DriftRepaired, "Repair", note);
            }
        }
    }

    /// <summary>A write had to be repeated within a short time.</summary>
    public void Repeated(V1NetworkPolicy policy, bool isContested)
    {
        reports.Writes.Conflicted(WriteMetrics.PolicyKind);
        if (isContested && warnings.TryAcquire($"contested {NamespacedName.From(policy)}", out var skipped))
        {
            LogContested(policy.Metadata.NamespaceProperty, policy.Metadata.Name, skipped);
        }
    }

    /// <summary>The policy belongs to another installation.</summary>
    public void ReportSkipped(V1NetworkPolicy policy)
    {
        if (warnings.TryAcquire($"another's {NamespacedName.From(policy)}", out var skipped))
        {
            LogLeftAlone(
                Reasons.OwnedByAnother, policy.Metadata.NamespaceProperty, policy.Metadata.Name, PolicyOwner.ReadMark(policy),
                cache.Owner.Installation, skipped);
        }
    }

    /// <summary>The API server rejected a write. The log has its message; statuses and Events have a fixed one.</summary>
    public void Refused(V1NetworkPolicy policy, PolicySources sources, KubernetesException error)
    {
        reports.Recorder.PolicyRejected(policy, sources, error.StatusCode, _member);

        // A namespace that is being deleted takes its policies along, and no new ones.
        if (!error.IsNotFound && !error.IsNamespaceTerminating && warnings.TryAcquire($"refused {NamespacedName.From(policy)}", out var skipped))
        {
            LogRefused(policy.Metadata.NamespaceProperty, policy.Metadata.Name, error.Message, skipped);
        }
    }

    private IKubernetesObject<V1ObjectMeta>? Find(string kind, NamespacedName name) =>
        kind == nameof(ProtectedService) ? cache.Protections.Store.Get(name) : cache.Intents.Store.Get(name);

    [LoggerMessage(LogLevel.Information, "Created NetworkPolicy {ObjectNamespace}/{ObjectName} for {Declarations}")]
    private partial void LogCreated(string? objectNamespace, string? objectName, string declarations);

    [LoggerMessage(LogLevel.Information, "Updated NetworkPolicy {ObjectNamespace}/{ObjectName} for {Declarations}")]
    private partial void LogUpdated(string? objectNamespace, string? objectName, string declarations);

    [LoggerMessage(LogLevel.Information, "Deleted NetworkPolicy {ObjectNamespace}/{ObjectName} of {Declarations}")]
    private partial void LogDeleted(string? objectNamespace, string? objectName, string declarations);

    [LoggerMessage(LogLevel.Information, "Restored NetworkPolicy {ObjectNamespace}/{ObjectName}, which was {Change} by someone else, for {Declarations}")]
    private partial void LogRestored(string? objectNamespace, string? objectName, string change, string declarations);

    [LoggerMessage(LogLevel.Warning, "Another writer keeps changing NetworkPolicy {ObjectNamespace}/{ObjectName}; backing off ({Skipped} similar warnings suppressed)")]
    private partial void LogContested(string? objectNamespace, string? objectName, int skipped);

    [LoggerMessage(LogLevel.Warning, "{Reason}: NetworkPolicy {ObjectNamespace}/{ObjectName} belongs to installation {Owner}, this one is {Installation}; ignoring it ({Skipped} similar warnings suppressed)")]
    private partial void LogLeftAlone(
        string reason, string? objectNamespace, string? objectName, string? owner, string installation, int skipped);

    [LoggerMessage(LogLevel.Warning, "The API server rejected NetworkPolicy {ObjectNamespace}/{ObjectName}: {Error} ({Skipped} similar warnings suppressed)")]
    private partial void LogRefused(string? objectNamespace, string? objectName, string error, int skipped);
}

/// <summary>Limits warnings: each object at most once in five minutes, and at most ten objects per minute. Thread-safe.</summary>
internal sealed class WarningRateLimiter(TimeProvider time)
{
    private const int MostPerMinute = 10;
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly ExpiringCache<string, bool> _logged = new(_interval, time);
    private long _minuteBegan = time.GetTimestamp();
    private int _spent;
    private int _skipped;

    /// <summary>Whether a warning may be logged now.</summary>
    /// <param name="key">What it is about.</param>
    /// <param name="skipped">How many warnings about other objects were left out since the last one that was logged.</param>
    public bool TryAcquire(string key, out int skipped)
    {
        lock (_lock)
        {
            skipped = 0;
            if (_logged.TryGet(key, out _))
            {
                return false;
            }

            if (time.GetElapsedTime(_minuteBegan) >= _minute)
            {
                (_minuteBegan, _spent) = (time.GetTimestamp(), 0);
            }

            if (_spent >= MostPerMinute)
            {
                _skipped++;
                return false;
            }

            _spent++;
            _logged.Set(key, true);
            (skipped, _skipped) = (_skipped, 0);
            return true;
        }
    }
}
