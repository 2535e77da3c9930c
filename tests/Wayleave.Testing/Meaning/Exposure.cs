using System.Net;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Ports of a Service that receive requests from outside the cluster.</summary>
/// <param name="Forwarders">The peers that forward them, under the rule for the Service's namespace.</param>
/// <param name="Ports">Selects the ports of the Service.</param>
internal sealed record Backend(string Namespace, string Service, Func<Rule, IEnumerable<Opening>> Forwarders, Predicate<PartialServicePort> Ports);

/// <summary>
/// The objects that expose servers outside the cluster: Services of some types, Ingresses, routes of the Gateway API, and the API server's
/// calls to webhooks and aggregated APIs.
/// </summary>
public sealed class Exposure
{
    private readonly ClusterView _view;
    private readonly List<IPNetwork> _podRanges;
    private readonly ILookup<(string Namespace, string Service), Backend> _backends;

    internal Exposure(IClusterObjects cluster, ClusterView view)
    {
        _view = view;
        _podRanges = [.. cluster.List<V1Node>().SelectMany(node => node.Spec?.PodCIDRs ?? []).Select(range => IPNetwork.Parse(range))];
        _backends = new Forwarding(cluster, view, Outside()).All().ToLookup(backend => (backend.Namespace, backend.Service));
    }

    /// <summary>The connections from outside the cluster that a subject's Pods must accept.</summary>
    public IEnumerable<Opening> Of(Subject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var rule = _view.GetSettings(subject.Namespace);
        var exposed = rule.External ? _view.Services.Where(service => LeadsTo(service, subject)) : [];
        return
            from service in exposed
            from backend in BackendsOf(service)
            from forwarder in backend.Forwarders(rule)
            from opening in Open(service, forwarder, backend.Ports)
            select opening;
    }

    private bool LeadsTo(PartialService service, Subject subject) =>
        service.Metadata.NamespaceProperty == subject.Namespace
        && ServicePorts.HasPods(service)
        && _view.Pods.Any(pod => subject.Has(pod) && Selects(service, pod));

    private IEnumerable<Backend> BackendsOf(PartialService service)
    {
        var (@namespace, name) = (service.Metadata.NamespaceProperty!, service.Metadata.Name!);
        return service.Spec is { Type: "LoadBalancer" or "NodePort" } or { ExternalIPs.Count: > 0 }
            ? _backends[(@namespace, name)].Append(new Backend(@namespace, name, _ => [Outside()], static _ => true))
            : _backends[(@namespace, name)];
    }

    // A policy selects all of a subject's Pods, also those that the Service does not select, and a port name becomes the numbers that it has in
    // the Service's Pods.
    private Opening[] Open(PartialService service, Opening forwarder, Predicate<PartialServicePort> ports)
    {
        return
        [
            forwarder with { Doors = (door, pod) => Selects(service, pod!) && Leads(door, pod) },
            forwarder with { Certainty = Certainty.Possible, Doors = (door, pod) => Leads(door, pod) || _view.Pods.Any(other => Selects(service, other) && Leads(door, other)) },
        ];

        bool Leads(Door door, ClusterPod? pod) => (service.Spec!.Ports ?? []).Exists(port => ports(port) && ServicePorts.Leads(port, door, pod));
    }

    // Every address outside the Pod ranges, or every address where the Pod ranges are not known.
    private Opening Outside() => new(Certainty.Settled) { Addresses = address => !_podRanges.Exists(range => range.Contains(address)) };

    private static bool Selects(PartialService service, ClusterPod pod) =>
        pod.Namespace == service.Metadata.NamespaceProperty && new V1LabelSelector { MatchLabels = service.Spec!.Selector }.Selects(pod.Labels);
}

/// <summary>The objects that route requests to Services, and the peers that forward the requests.</summary>
internal sealed class Forwarding(IClusterObjects cluster, ClusterView view, Opening outside)
{
    private const string LegacyClass = "kubernetes.io/ingress.class";
    private const string DefaultClass = "ingressclass.kubernetes.io/is-default-class";

    // The labels of the controllers' Pods according to their documentation.
    private static readonly Dictionary<string, Dictionary<string, string>> _known = new(StringComparer.Ordinal)
    {
        ["k8s.io/ingress-nginx"] = Labels(("app.kubernetes.io/name", "ingress-nginx"), ("app.kubernetes.io/component", "controller")),
        ["gateway.envoyproxy.io/gatewayclass-controller"] = Labels(
            ("app.kubernetes.io/name", "envoy"), ("app.kubernetes.io/component", "proxy"), ("app.kubernetes.io/managed-by", "envoy-gateway")),
    };

    public IEnumerable<Backend> All() =>
        [.. Ingresses(), .. Routes<V1HTTPRoute>("HTTPRoute", "httproutes", "v1"), .. Routes<V1GRPCRoute>("GRPCRoute", "grpcroutes", "v1"), .. Calls()];

    private IEnumerable<Backend> Ingresses()
    {
        foreach (var ingress in cluster.List<V1Ingress>())
        {
            var controller = ControllerOf(ingress);
            var backends = (ingress.Spec?.Rules ?? []).SelectMany(rule => rule.Http?.Paths ?? []).Select(path => path.Backend).Append(ingress.Spec?.DefaultBackend);
            foreach (var service in backends.Select(backend => backend?.Service).OfType<V1IngressServiceBackend>())
            {
                var @namespace = ingress.Metadata.NamespaceProperty!;
                yield return new Backend(
                    @namespace,
                    service.Name!,
                    rule => Through(controller, rule, @namespace),
                    port => IsTcp(port) && (service.Port?.Name is { Length: > 0 } name ? port.Name == name : port.Port == service.Port?.Number));
            }
        }
    }

    private string? ControllerOf(V1Ingress ingress)
    {
        var classes = cluster.List<V1IngressClass>();
        var name = ingress.Spec?.IngressClassName ?? ingress.Metadata.Annotations.Find(LegacyClass);
        var found = classes.FirstOrDefault(entry => name is null ? entry.Metadata.Annotations.Find(DefaultClass) == "true" : entry.Metadata.Name == name);
        return found?.Spec?.Controller ?? (name == "nginx" ? "k8s.io/ingress-nginx" : null);
    }

    private IEnumerable<Backend> Routes<TRoute>(
        string kind, string resource, string version)
        where TRoute : GatewayRoute
    {
        foreach (var route in IsServed(resource, version) ? cluster.List<TRoute>() : [])
        {
            var own = route.Metadata.NamespaceProperty!;
            foreach (var reference in (route.Spec?.Rules ?? []).SelectMany(rule => rule.BackendRefs ?? []).Where(reference => reference.Kind is null or "Service"))
            {
                foreach (var controller in ControllersOf(route).Where(_ => IsGranted(kind, own, reference)))
                {
                    var @namespace = reference.Namespace ?? own;
                    yield return new Backend(
                        @namespace,
                        reference.Name!,
                        rule => Through(controller, rule, @namespace),
                        port => IsTcp(port) && port.Port == reference.Port);
                }
            }
        }
    }

    private IEnumerable<string?> ControllersOf(GatewayRoute route) => (route.Spec?.ParentRefs ?? []).Select(parent =>
    {
        var gateway = IsServed("gateways", "v1")
            ? cluster.List<V1Gateway>().FirstOrDefault(entry => entry.Metadata.Name == parent.Name && entry.Metadata.NamespaceProperty == (parent.Namespace ?? route.Metadata.NamespaceProperty))
            : null;
        return IsServed("gatewayclasses", "v1")
            ? cluster.List<V1GatewayClass>().FirstOrDefault(entry => entry.Metadata.Name == gateway?.Spec?.GatewayClassName)?.Spec?.ControllerName
            : null;
    });

    // A route to a Service of another namespace needs a ReferenceGrant there.
    private bool IsGranted(string kind, string own, GatewayReference reference) => (reference.Namespace ?? own) == own
        || (IsServed("referencegrants", "v1beta1") && cluster.List<V1beta1ReferenceGrant>().Any(grant =>
            grant.Metadata.NamespaceProperty == reference.Namespace
            && (grant.Spec?.From ?? []).Exists(from => from.Kind == kind && from.Namespace == own && from.Group == "gateway.networking.k8s.io")
            && (grant.Spec?.To ?? []).Exists(to => to.Kind == "Service" && to.Group is null or "" && (to.Name is null || to.Name == reference.Name))));

    private bool IsServed(string resource, string version) => cluster.List<PartialCustomResourceDefinition>().Any(definition =>
        definition.Metadata.Name == $"{resource}.gateway.networking.k8s.io"
        && definition.Spec?.Versions?.Exists(served => served.Name == version && served.Served == true) == true);

    private IEnumerable<Backend> Calls()
    {
        var webhooks = cluster.List<PartialValidatingWebhookConfiguration>().Cast<PartialAdmissionWebhookConfiguration>().Concat(cluster.List<PartialMutatingWebhookConfiguration>())
            .SelectMany(configuration => configuration.Webhooks ?? []).Select(webhook => webhook.ClientConfig?.Service);
        var conversions = cluster.List<PartialCustomResourceDefinition>().Select(definition => definition.Spec?.Conversion?.Webhook?.ClientConfig?.Service);
        var apis = cluster.List<PartialAPIService>().Select(api => api.Spec?.Service);
        return webhooks.Concat(conversions).Concat(apis).OfType<ApiServerServiceReference>().Select(service => new Backend(
            service.Namespace!,
            service.Name!,
            _ => [outside, .. Pods(Labels(("k8s-app", "konnectivity-agent"))).Where(pods => pods is { Namespace: "kube-system", HostNetwork: false }).Select(Open)],
            port => IsTcp(port) && port.Port == (service.Port ?? 443)));
    }

    private IEnumerable<Opening> Through(string? controller, Rule rule, string @namespace)
    {
        if (controller is "ingress.k8s.aws/alb")
        {
            return [outside];
        }

        if (rule.IngressControllers.Count > 0)
        {
            return rule.IngressControllers.Select(peer => new Opening(Certainty.Settled)
            {
                Pods = pod => (peer.NamespaceSelector?.Selects(view.LabelsOf(pod.Namespace)) ?? (pod.Namespace == @namespace)) && peer.PodSelector?.Selects(pod.Labels) != false,
            });
        }

        return controller is not null && _known.TryGetValue(controller, out var labels) ? Pods(labels).Select(pods => pods.HostNetwork ? outside : Open(pods)) : [];
    }

    private IEnumerable<DeclaredWorkload> Pods(Dictionary<string, string> labels) =>
        view.Workloads.Where(workload => new V1LabelSelector { MatchLabels = labels }.Selects(workload.PodLabels));

    private Opening Open(DeclaredWorkload controller) => new(Certainty.Settled) { Pods = pod => view.CanBeNamed(controller.Namespace) && controller.Owns(pod) };

    private static bool IsTcp(PartialServicePort port) => port.Protocol is null or Protocols.Tcp;

    private static Dictionary<string, string> Labels(params (string Key, string Value)[] labels) => labels.ToDictionary(label => label.Key, label => label.Value);
}
