using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>
/// The state before a step, as far as the expectations after it depend on it: a correct policy stays until a new correct one can be computed.
/// Immutable except for cached results.
/// </summary>
public sealed class Past
{
    private readonly ClusterView? _view;
    private readonly Dictionary<(string Namespace, string Policy), Reachability?> _policies = [];
    private readonly IReadOnlyDictionary<string, IKubernetesObject<V1ObjectMeta>> _understood;
    private readonly Dictionary<string, ClusterPod> _pods;
    private readonly Dictionary<(string Namespace, string Policy), IReadOnlyList<Opening>> _openings;

    private Past(
        ClusterView? view,
        IReadOnlyList<Restriction> restrictions,
        IReadOnlyDictionary<string, IKubernetesObject<V1ObjectMeta>> understood)
    {
        (_view, _understood) = (view, understood);
        Restricted = restrictions.ToDictionary(restriction => restriction.Subject.Id, restriction => restriction.Subject);
        _openings = restrictions.ToDictionary(restriction => restriction.Subject.Id, restriction => restriction.Openings);
        _pods = (view?.Pods ?? []).ToDictionary(pod => Fingerprint(pod, view!), StringComparer.Ordinal);
    }

    /// <summary>No known state.</summary>
    public static Past None { get; } = new(null, [], new Dictionary<string, IKubernetesObject<V1ObjectMeta>>());

    /// <summary>The subjects that had restrictions.</summary>
    public IReadOnlyDictionary<(string Namespace, string Policy), Subject> Restricted { get; }

    /// <summary>The connections that were allowed to or from a subject.</summary>
    public IReadOnlyList<Opening> OpeningsOf(Subject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return _openings.GetValueOrDefault(subject.Id, []);
    }

    /// <summary>Creates the past of the next step.</summary>
    /// <param name="view">The current state.</param>
    /// <param name="restricted">The current restrictions.</param>
    public Past Next(ClusterView view, IEnumerable<Restriction> restricted)
    {
        ArgumentNullException.ThrowIfNull(view);
        var understood = new Dictionary<string, IKubernetesObject<V1ObjectMeta>>(StringComparer.Ordinal);
        foreach (var declaration in view.InForce)
        {
            understood[declaration.Metadata.Uid!] = declaration;
        }

        return new Past(view, [.. restricted], understood);
    }

    /// <summary>The generation of a declaration that is in force: the last valid one while the current spec is invalid.</summary>
    public (TEntity Entity, bool IsKept) InForce<TEntity>(TEntity declaration)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(declaration);
        return !Validity.IsValid(declaration) && _understood.GetValueOrDefault(declaration.Metadata.Uid!) is TEntity before ? (before, true) : (declaration, false);
    }

    /// <summary>The deleted workloads whose names are declared. Their Pods may still run.</summary>
    public IReadOnlyList<DeclaredWorkload> Gone(IReadOnlyList<DeclaredWorkload> present, Func<string, string, bool> isDeclared) =>
    [
        .. (_view?.Workloads ?? []).Concat(_view?.GoneWorkloads ?? [])
            .Where(workload => workload is { HasOwnPods: true, NeedsKind: false } && isDeclared(workload.Namespace, workload.Name))
            .Where(workload => !present.Any(other => other.HasOwnPods && other.IsSame(workload))),
    ];

    /// <summary>The deleted Services that are declared.</summary>
    public IReadOnlyList<PartialService> Gone(IReadOnlyList<PartialService> present, Func<string, string, bool> isDeclared) =>
    [
        .. (_view?.Services ?? []).Concat(_view?.GoneServices ?? [])
            .Where(service => isDeclared(service.Metadata.NamespaceProperty!, service.Metadata.Name!))
            .Where(service => !present.Any(other => IsSame(other, service))),
    ];

    /// <summary>
    /// Whether the policy for a subject allowed a connection. Null when no policy selected the Pod, or when a Pod has changed.
    /// </summary>
    public bool? Allowed(Subject subject, ClusterPod pod, ClusterPod peer, Door door, ClusterView now)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return Then(pod, now) is { } podThen && Then(peer, now) is { } peerThen && PolicyOf(subject) is { } policy
            ? subject.Direction == Subject.Ingress
                ? policy.IsIngressIsolated(podThen) ? policy.MayReceive(podThen, peerThen, door) : null
                : policy.IsEgressIsolated(podThen) ? policy.MaySend(podThen, peerThen, door) : null
            : null;
    }

    /// <summary>Whether the policy for a subject allowed a connection with an address outside the cluster.</summary>
    public bool? Allowed(Subject subject, ClusterPod pod, System.Net.IPAddress peer, Door door, ClusterView now)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return Then(pod, now) is { } podThen && PolicyOf(subject) is { } policy
            ? subject.Direction == Subject.Ingress
                ? policy.IsIngressIsolated(podThen) ? policy.MayReceive(podThen, peer, door) : null
                : policy.IsEgressIsolated(podThen) ? policy.MaySend(podThen, peer, door) : null
            : null;
    }

    private static bool IsSame(PartialService one, PartialService other) =>
        one.Metadata.NamespaceProperty == other.Metadata.NamespaceProperty && one.Metadata.Name == other.Metadata.Name;

    private Reachability? PolicyOf(Subject subject)
    {
        if (!_policies.TryGetValue(subject.Id, out var found))
        {
            var policy = _view?.Policies.FirstOrDefault(one => one.Metadata.NamespaceProperty == subject.Namespace && one.Metadata.Name == subject.PolicyName);
            _policies[subject.Id] = found = policy is null ? null : new Reachability(_view!.Namespaces, [policy]);
        }

        return found;
    }

    private ClusterPod? Then(ClusterPod pod, ClusterView now) => _pods.GetValueOrDefault(now.FingerprintOf(pod));

    /// <summary>The properties of a Pod that policies can depend on.</summary>
    internal static string Fingerprint(ClusterPod pod, ClusterView view)
    {
        var ports = string.Join(' ', pod.Ports.Select(port => $"{port.Name}={port.Number}/{port.Protocol}"));
        return $"{pod} {pod.Address} {Text(pod.Labels)} {ports} {Text(view.LabelsOf(pod.Namespace))}";

        static string Text(IReadOnlyDictionary<string, string> labels) =>
            string.Join(' ', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
    }
}
