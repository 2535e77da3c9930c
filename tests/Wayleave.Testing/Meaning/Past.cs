using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>
/// What was before a step, as far as what holds after it depends on that: a correct policy stays until a new correct one can be computed.
/// Immutable.
/// </summary>
public sealed class Past
{
    private readonly ClusterView? _view;
    private readonly Reachability? _written;
    private readonly IReadOnlyDictionary<string, IKubernetesObject<V1ObjectMeta>> _understood;
    private readonly Dictionary<string, ClusterPod> _pods;

    private Past(
        ClusterView? view,
        Reachability? written,
        IReadOnlyDictionary<(string Namespace, string Policy), Subject> restricted,
        IReadOnlyDictionary<string, IKubernetesObject<V1ObjectMeta>> understood)
    {
        (_view, _written, Restricted, _understood) = (view, written, restricted, understood);
        _pods = (view?.Pods ?? []).ToDictionary(pod => Fingerprint(pod, view!), StringComparer.Ordinal);
    }

    /// <summary>Nothing is known.</summary>
    public static Past None { get; } = new(null, null, new Dictionary<(string, string), Subject>(), new Dictionary<string, IKubernetesObject<V1ObjectMeta>>());

    /// <summary>Those that were closed or bound.</summary>
    public IReadOnlyDictionary<(string Namespace, string Policy), Subject> Restricted { get; }

    /// <summary>The past of the next step.</summary>
    /// <param name="view">What is now.</param>
    /// <param name="restricted">Those that are closed or bound now.</param>
    public Past Next(ClusterView view, IEnumerable<Subject> restricted)
    {
        ArgumentNullException.ThrowIfNull(view);
        var understood = new Dictionary<string, IKubernetesObject<V1ObjectMeta>>(StringComparer.Ordinal);
        foreach (var declaration in view.InForce)
        {
            understood[declaration.Metadata.Uid!] = declaration;
        }

        return new Past(view, view.Written, restricted.ToDictionary(subject => subject.Id), understood);
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
    public IReadOnlyList<V1Service> Gone(IReadOnlyList<V1Service> present, Func<string, string, bool> isDeclared) =>
    [
        .. (_view?.Services ?? []).Concat(_view?.GoneServices ?? [])
            .Where(service => isDeclared(service.Metadata.NamespaceProperty!, service.Metadata.Name!))
            .Where(service => !present.Any(other => IsSame(other, service))),
    ];

    /// <summary>Whether a Pod accepted a connection; null when it accepted all, or when one of them was not there or is not as it was.</summary>
    public bool? Received(ClusterPod server, ClusterPod client, Door door, ClusterView now) =>
        Then(server, now) is { } serverThen && Then(client, now) is { } clientThen && _written!.IsIngressIsolated(serverThen)
            ? _written.MayReceive(serverThen, clientThen, door)
            : null;

    /// <inheritdoc cref="Received(ClusterPod, ClusterPod, Door, ClusterView)"/>
    public bool? Received(ClusterPod server, System.Net.IPAddress client, Door door, ClusterView now) =>
        Then(server, now) is { } serverThen && _written!.IsIngressIsolated(serverThen) ? _written.MayReceive(serverThen, client, door) : null;

    /// <summary>Whether a Pod could begin a connection; null when it could begin all, or when one of them was not there or is not as it was.</summary>
    public bool? Sent(ClusterPod client, ClusterPod server, Door door, ClusterView now) =>
        Then(client, now) is { } clientThen && Then(server, now) is { } serverThen && _written!.IsEgressIsolated(clientThen)
            ? _written.MaySend(clientThen, serverThen, door)
            : null;

    /// <inheritdoc cref="Sent(ClusterPod, ClusterPod, Door, ClusterView)"/>
    public bool? Sent(ClusterPod client, System.Net.IPAddress server, Door door, ClusterView now) =>
        Then(client, now) is { } clientThen && _written!.IsEgressIsolated(clientThen) ? _written.MaySend(clientThen, server, door) : null;

    private static bool IsSame(V1Service one, V1Service other) =>
        one.Metadata.NamespaceProperty == other.Metadata.NamespaceProperty && one.Metadata.Name == other.Metadata.Name;

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
