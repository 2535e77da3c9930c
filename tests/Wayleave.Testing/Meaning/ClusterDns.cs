using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>The DNS Pods of a cluster, which Services of well-known names select. No declaration isolates them.</summary>
internal sealed class ClusterDns
{
    private static readonly PortNumberOrName[] _usual = [53];

    private readonly ClusterView _view;
    private readonly List<PartialService> _services;

    public ClusterDns(ClusterView view)
    {
        _view = view;
        _services = [.. view.Services.Where(service => IsName(service.Metadata) && service.Spec?.Selector is { Count: > 0 })];
    }

    /// <summary>Whether a subject includes DNS Pods.</summary>
    public bool IsPartOf(Subject subject) => _services.Exists(service =>
        service.Metadata.NamespaceProperty == subject.Namespace
        && ((subject.Kind == Subject.Service && subject.Name == service.Metadata.Name)
            || _view.Pods.Any(pod => pod.Namespace == subject.Namespace && subject.Selector.Selects(pod.Labels) && Selects(service, pod))));

    /// <summary>The connections that DNS needs: to port 53 and the ports of the rule at every address, and to the ports on which the DNS Pods listen.</summary>
    public IEnumerable<Opening> Open(Rule rule)
    {
        yield return new Opening(Certainty.Settled)
        {
            Pods = static _ => true,
            Addresses = static _ => true,
            Doors = (door, _) => WrittenPort.IncludesDns([.. _usual, .. rule.DnsPorts], door, _view.Defaults),
        };
        foreach (var service in _services.Where(service => _view.CanBeNamed(service.Metadata.NamespaceProperty!)))
        {
            yield return new Opening(Certainty.Settled)
            {
                Pods = pod => Selects(service, pod),
                Doors = (door, pod) => (service.Spec!.Ports ?? []).Exists(port => ServicePorts.Leads(port, door, pod)),
            };
        }
    }

    private static bool IsName(V1ObjectMeta meta) => meta is
    { NamespaceProperty: "kube-system", Name: "kube-dns" or "coredns" or "rke2-coredns-rke2-coredns" } or { NamespaceProperty: "openshift-dns", Name: "dns-default" };

    private static bool Selects(PartialService service, ClusterPod pod) =>
        pod.Namespace == service.Metadata.NamespaceProperty && new V1LabelSelector { MatchLabels = service.Spec!.Selector }.Selects(pod.Labels);
}
