using System.Net;
using k8s;
using k8s.Models;
using Wayleave.Enforcement.Policies;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Recording;

/// <summary>
/// Records what the operator does in the event store. If the store is off, every method returns after one branch. It never waits and never
/// throws. Thread-safe.
/// </summary>
internal sealed class OperatorEventRecorder(IEnumerable<EventStream> streams, OperatorOptions options, TimeProvider time)
{
    private const int MaxDeclarations = 9;
    private const int MaxAddresses = 20;

    // None if the store is off.
    private readonly EventStream? _stream = streams.FirstOrDefault();
    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>Whether the store is on.</summary>
    public bool IsEnabled => _stream is not null;

    private EventSubject Replica => new("Pod", options.Namespace, options.Instance);

    public void ProcessStarted() => _stream?.Publish(
        new ProcessStarted(OperatorVersion.Text, options.Governance.Mode.ToString(), options.Telemetry.Enabled), [Replica]);

    public void ProcessStopped() => _stream?.Publish(new ProcessStopped(), [Replica]);

    public void CachesSynced() => _stream?.Publish(new CachesSynced(Math.Round(time.GetElapsedTime(_startedAt).TotalSeconds, 3)), []);

    /// <param name="transitions">Of the lease. Null without leader election.</param>
    public void LeadershipGained(int? transitions)
    {
        _stream?.SetTerm(transitions);
        _stream?.Publish(new LeadershipGained(), []);
    }

    /// <param name="isStopping">Whether the operator stops. Otherwise it lost its lease.</param>
    public void LeadershipLost(bool isStopping)
    {
        _stream?.Publish(new LeadershipLost(isStopping ? "stopping" : "lease_lost"), []);
        _stream?.SetTerm(null);
    }

    public void PolicyCreated(V1NetworkPolicy policy, PolicySources sources, string? cluster)
    {
        if (IsEnabled)
        {
            var (name, changes) = (policy.Metadata, RuleChanges.Between(before: null, policy));
            Publish(new PolicyCreated(name.NamespaceProperty, name.Name, cluster, changes.Lines, changes.Omitted), policy, sources);
        }
    }

    public void PolicyUpdated(V1NetworkPolicy before, V1NetworkPolicy policy, PolicySources sources, string? cluster)
    {
        if (IsEnabled)
        {
            var (name, changes) = (policy.Metadata, RuleChanges.Between(before, policy));
            Publish(new PolicyUpdated(name.NamespaceProperty, name.Name, cluster, changes.Lines, changes.Omitted), policy, sources);
        }
    }

    public void PolicyDeleted(V1NetworkPolicy policy, PolicySources sources, string? cluster)
    {
        if (IsEnabled)
        {
            var (name, changes) = (policy.Metadata, RuleChanges.Between(policy, after: null));
            Publish(new PolicyDeleted(name.NamespaceProperty, name.Name, cluster, changes.Lines, changes.Omitted), policy, sources);
        }
    }

    /// <param name="before">What someone else had made of it. Null if it was deleted.</param>
    public void PolicyRestored(V1NetworkPolicy? before, V1NetworkPolicy policy, PolicySources sources, string? cluster)
    {
        if (IsEnabled)
        {
            var (name, changes) = (policy.Metadata, RuleChanges.Between(before, policy));
            var payload = new PolicyRestored(
                name.NamespaceProperty, name.Name, cluster, changes.Lines, changes.Omitted, WasDeleted: before is null);
            Publish(payload, policy, sources, EventProvenance.Inferred);
        }
    }

    public void PolicyRejected(V1NetworkPolicy policy, PolicySources sources, HttpStatusCode status, string? cluster)
    {
        if (IsEnabled)
        {
            Publish(new PolicyRejected(policy.Metadata.NamespaceProperty, policy.Metadata.Name, cluster, (int)status), policy, sources);
        }
    }

    /// <summary>A status was written.</summary>
    /// <param name="before">The condition Ready before. Null if there was none.</param>
    /// <param name="now">The condition Ready now. Null if there is none.</param>
    public void StatusWritten(IKubernetesObject<V1ObjectMeta> entity, string kind, V1Condition? before, V1Condition? now)
    {
        if (IsEnabled)
        {
            EventPayload payload = now is not null && (before?.Status != now.Status || before.Reason != now.Reason)
                ? new ConditionChanged(now.Type, now.Status, now.Reason, now.Message, before?.Status, before?.Reason)
                : new StatusWritten(entity.Metadata.Generation ?? 0, now?.Status, now?.Reason);
            Publish(payload, [new EventSubject(kind, entity.Metadata.NamespaceProperty, entity.Metadata.Name)]);
        }
    }

    public void ReconcileFailed(string kind, ReconcileFailure failure, string controller, string? cluster)
    {
        if (IsEnabled)
        {
            Publish(
                new ReconcileFailed(controller, failure.Attempt, ErrorType.FromException(failure.Error), cluster),
                [new EventSubject(kind, failure.Namespace, failure.Name)]);
        }
    }

    public void WatchRelisted(string resource, string reason, string? cluster) =>
        _stream?.Publish(new WatchRelisted(resource, reason, cluster), []);

    public void DomainResolved(string domain, IReadOnlyList<IPAddress> addresses, string? cluster)
    {
        if (IsEnabled)
        {
            var named = addresses.Take(MaxAddresses).Select(address => address.ToString()).ToList();
            Publish(
                new DomainResolved(domain, named, addresses.Count - named.Count, cluster), [new EventSubject("Domain", Namespace: null, domain)]);
        }
    }

    /// <param name="records">In the batch.</param>
    /// <param name="failure">A word of a closed set, or a status code. Null if the collector accepted the batch.</param>
    public void TelemetrySent(int records, string? failure) => _stream?.Publish(new TelemetrySent(records, failure), []);

    private void Publish(
        EventPayload payload, V1NetworkPolicy policy, PolicySources sources, EventProvenance provenance = EventProvenance.Direct) =>
        Publish(
            payload,
            [
                .. sources.GetDeclarations(policy.Metadata.Name!).Take(MaxDeclarations)
                    .Select(declaration => new EventSubject(declaration.Kind, declaration.Name.Namespace, declaration.Name.Name)),
                new EventSubject(V1NetworkPolicy.KubeKind, policy.Metadata.NamespaceProperty, policy.Metadata.Name),
            ],
            provenance);

    private void Publish(EventPayload payload, IReadOnlyList<EventSubject> subjects, EventProvenance provenance = EventProvenance.Direct) =>
        _stream!.Publish(payload, subjects, provenance, ReconcileCause.Find());
}
