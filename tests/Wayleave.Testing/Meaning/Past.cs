using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>
/// What was before a step, as far as what holds after it depends on that: a correct policy stays until a new correct one can be computed.
/// Immutable but for what it has worked out.
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

    /// <summary>Nothing is known.</summary>
    public static Past None { get; } = new(null, [], new Dictionary<string, IKubernetesObject<V1ObjectMeta>>());

    /// <summary>Those that were closed or bound.</summary>
    public IReadOnlyDictionary<(string Namespace, string Policy), Subject> Restricted { get; }

    /// <summary>What was open to or from a subject.</summary>
    public IReadOnlyList<Opening> OpeningsOf(Subject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return _openings.GetValueOrDefault(subject.Id, []);
    }

    /// <summary>The past of the next step.</summary>
    /// <param name="view">What is now.</param>
    /// <param name="restricted">Those that are closed or bound now.</param>
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

    /// <summary>The declaration as it is in force: while its present spec is invalid, the last one that was valid.</summary>
    public (TEntity Entity, bool IsKept) InForce<TEntity>(TEntity declaration)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(declaration);
        return !Validity.IsValid(declaration) && _understood.GetValueOrDefault(declaration.Metadata.Uid!) is TEntity before ? (before, true) : (declaration, false);
    }

    /// <summary>The workloads that are there no more, and about whose names something is declared: their Pods may still run.</summary>
    public IReadOnlyList<DeclaredWorkload> Gone(IReadOnlyList<DeclaredWorkload> present, Func<string, string, bool> isDeclared) =>
    [
        .. (_view?.Workloads ?? []).Concat(_view?.GoneWorkloads ?? [])
            .Where(workload => workload is { HasOwnPods: true, NeedsKind: false } && isDeclared(workload.Namespace, workload.Name))
            .Where(workload => !present.Any(other => other.HasOwnPods && other.IsSame(workload))),
    ];

    /// <summary>The Services that are there no more, and that something is declared about.</summary>
    public IReadOnlyList<PartialService> Gone(IReadOnlyList<PartialService> present, Func<string, string, bool> isDeclared) =>
    [
        .. (_view?.Services ?? []).Concat(_view?.GoneServices ?? [])
            .Where(service => isDeclared(service.Metadata.NamespaceProperty!, service.Metadata.Name!))
            .Where(service => !present.Any(other => IsSame(other, service))),
    ];

    /// <summary>
    /// Whether the policy about a subject allowed a connection; null when there was none about the Pod, or when a Pod is not as it was.
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

    /// <summary>The same for an address outside the cluster.</summary>
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

    /// <summary>All of a Pod that policies can depend on.</summary>
    internal static string Fingerprint(ClusterPod pod, ClusterView view)
    {
        var ports = string.Join(' ', pod.Ports.Select(port => $"{port.Name}={port.Number}/{port.Protocol}"));
        return $"{pod} {pod.Address} {Text(pod.Labels)} {ports} {Text(view.LabelsOf(pod.Namespace))}";

        static string Text(IReadOnlyDictionary<string, string> labels) =>
            string.Join(' ', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
    }
}
