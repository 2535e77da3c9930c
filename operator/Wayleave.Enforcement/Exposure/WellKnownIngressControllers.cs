using System.Collections.Frozen;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Exposure;

/// <summary>
/// Ingress controllers and gateways whose Pods can be found by the labels that their documentation gives. What is not here is named in
/// <c>spec.allow.ingressControllers</c> of an EnforcementPolicy.
/// </summary>
public static class WellKnownIngressControllers
{
    /// <summary>The key of the Pods that forward the API server's calls to webhooks in clusters with a remote control plane.</summary>
    public const string ApiServerProxy = "konnectivity";

    private const string Name = "app.kubernetes.io/name";
    private const string Component = "app.kubernetes.io/component";

    private static readonly FrozenDictionary<string, Entry> _entries = new Dictionary<string, Entry>(StringComparer.Ordinal)
    {
        ["ingress-nginx"] = new(["k8s.io/ingress-nginx"], ["nginx"], [new() { [Name] = "ingress-nginx", [Component] = "controller" }]),
        ["nginx-ingress"] = new(
            ["nginx.org/ingress-controller"], [], [new() { [Name] = "nginx-ingress" }, new() { ["app"] = "nginx-ingress" }]),
        ["traefik"] = new(["traefik.io/ingress-controller", "traefik.io/gateway-controller"], ["traefik"], [new() { [Name] = "traefik" }]),
        ["haproxy"] = new(
            ["haproxy.org/ingress-controller", "haproxy-ingress.github.io/controller"],
            ["haproxy"],
            [new() { [Name] = "kubernetes-ingress" }, new() { ["run"] = "haproxy-ingress" }, new() { [Name] = "haproxy-ingress" }]),
        ["contour"] = new(
            ["projectcontour.io/ingress-controller", "projectcontour.io/projectcontour", "projectcontour.io/gateway-controller"],
            ["contour"],
            [new() { ["app"] = "envoy" }, new() { [Name] = "contour", [Component] = "envoy" },
                new() { [Component] = "envoy", ["app.kubernetes.io/managed-by"] = "contour-gateway-provisioner" }]),
        ["envoy-gateway"] = new(
            ["gateway.envoyproxy.io/gatewayclass-controller"],
            [],
            [new() { [Name] = "envoy", [Component] = "proxy", ["app.kubernetes.io/managed-by"] = "envoy-gateway" }]),
        ["cilium"] = new(
            ["cilium.io/ingress-controller", "io.cilium/gateway-controller"],
            ["cilium"],
            [new() { ["k8s-app"] = "cilium-envoy" }, new() { ["k8s-app"] = "cilium" }]),
        ["istio"] = new(
            ["istio.io/ingress-controller", "istio.io/gateway-controller"],
            ["istio"],
            [new() { ["istio"] = "ingressgateway" }, new() { ["gateway.istio.io/managed"] = "istio.io-gateway-controller" }]),
        ["openshift"] = new(
            ["openshift.io/ingress-to-route"],
            ["openshift-default"],
            [new() { ["ingresscontroller.operator.openshift.io/deployment-ingresscontroller"] = "default" }],
            "openshift-ingress"),
        [ApiServerProxy] = new([], [], [new() { ["k8s-app"] = "konnectivity-agent" }], "kube-system"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Load balancers of clouds: there are no Pods, and requests come from addresses outside the cluster.
    private static readonly FrozenSet<string> _outside = new[]
    {
        "ingress.k8s.aws/alb", "gateway.k8s.aws/alb", "gateway.k8s.aws/nlb", "azure/application-gateway",
        "alb.networking.azure.io/alb-controller",
        "k8s.io/ingress-gce", "networking.gke.io/gateway",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> _byController = _entries
        .SelectMany(entry => entry.Value.Controllers.Select(controller => KeyValuePair.Create(controller, entry.Key)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The key of a controller; null when it is not known. Some controllers append a name of their own to the documented one.
    /// </summary>
    /// <param name="controller">From <c>spec.controller</c> of an IngressClass or <c>spec.controllerName</c> of a GatewayClass.</param>
    public static string? FindKey(string controller) =>
        _byController.GetValueOrDefault(controller)
        ?? _byController.FirstOrDefault(known => controller.StartsWith($"{known.Key}/", StringComparison.Ordinal)).Value;

    /// <summary>
    /// The controller that a class name means where there is no IngressClass object, as before Kubernetes 1.18; null for others.
    /// </summary>
    public static string? FindControllerByClass(string name) =>
        name is "gce" or "gce-internal"
        ? "k8s.io/ingress-gce"
        : _entries.Values.FirstOrDefault(entry => entry.LegacyClasses.Contains(name, StringComparer.Ordinal))?.Controllers[0];

    /// <summary>Whether the controller is a load balancer outside the cluster.</summary>
    public static bool IsExternalLoadBalancer(string controller) => _outside.Contains(controller);

    /// <summary>The keys of the controllers that a workload's Pods belong to, by their labels.</summary>
    public static IEnumerable<string> FindKeys(Workload? workload) =>
        workload is null ? [] : KeysOf(workload.Namespace, workload.PodLabels);

    /// <summary>Whether Pods that are selected by these labels belong to one of the controllers.</summary>
    public static bool IsControllerPod(string @namespace, IDictionary<string, string>? labels) => KeysOf(@namespace, labels).Any();

    private static IEnumerable<string> KeysOf(string @namespace, IDictionary<string, string>? labels) => labels is not { Count: > 0 }
        ? []
        : _entries
            .Where(entry => entry.Value.Namespace is null || entry.Value.Namespace == @namespace)
            .Where(entry => entry.Value.Pods.Exists(pods => SelectorEquality.ContainsAll(labels, pods)))
            .Select(entry => entry.Key);

    /// <param name="Namespace">The only namespace that the Pods can be in; null for any.</param>
    private sealed record Entry(
        string[] Controllers, string[] LegacyClasses, List<Dictionary<string, string>> Pods, string? Namespace = null);
}
