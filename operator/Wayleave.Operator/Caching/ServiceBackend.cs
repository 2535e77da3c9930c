using k8s.Models;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>A Service that an Ingress, a route, a webhook or an aggregated API leads to.</summary>
/// <param name="Service">Its name. It may not exist.</param>
/// <param name="Port">The port of the Service. Null for every port.</param>
internal readonly record struct ServiceBackend(NamespacedName Service, DeclaredPort? Port)
{
    private const int DefaultWebhookPort = 443;

    public static IEnumerable<ServiceBackend> From(V1Ingress ingress)
    {
        var backends = (ingress.Spec?.Rules ?? [])
            .SelectMany(rule => rule?.Http?.Paths ?? [])
            .Select(path => path?.Backend)
            .Append(ingress.Spec?.DefaultBackend);
        foreach (var service in backends.Select(backend => backend?.Service).OfType<V1IngressServiceBackend>())
        {
            DeclaredPort? port = service.Port switch
            {
                { Name: { Length: > 0 } name } => new DeclaredPort(0, 0, null, name),
                { Number: { } number } => Tcp(number),
                _ => null,
            };
            yield return new ServiceBackend(new NamespacedName(ingress.Metadata.NamespaceProperty ?? "", service.Name ?? ""), port);
        }
    }

    public static IEnumerable<ServiceBackend> From(GatewayRoute route)
    {
        var references = (route.Spec?.Rules ?? []).SelectMany(rule =>
            (rule?.BackendRefs ?? []).Concat(
                (rule?.Filters ?? []).Select(filter => filter?.RequestMirror?.BackendRef).OfType<GatewayReference>()));
        return references
            .Where(reference => reference.Kind is null or "Service" && reference.Group is null or "")
            .Select(reference => new ServiceBackend(
                new NamespacedName(reference.Namespace ?? route.Metadata.NamespaceProperty ?? "", reference.Name ?? ""),
                reference.Port is { } port ? Tcp(port) : null));
    }

    public static IEnumerable<ServiceBackend> From(PartialAdmissionWebhookConfiguration configuration) =>
        (configuration.Webhooks ?? []).Select(webhook => webhook?.ClientConfig?.Service).SelectMany(From);

    public static IEnumerable<ServiceBackend> From(PartialCustomResourceDefinition definition) =>
        From(definition.Spec?.Conversion?.Webhook?.ClientConfig?.Service);

    public static IEnumerable<ServiceBackend> From(PartialAPIService api) => From(api.Spec?.Service);

    private static IEnumerable<ServiceBackend> From(ApiServerServiceReference? service) => service is null
        ? []
        : [new ServiceBackend(new NamespacedName(service.Namespace ?? "", service.Name ?? ""), Tcp(service.Port ?? DefaultWebhookPort))];

    // Ingress controllers, gateways and the API server connect by TCP; a Service may have the same port in UDP.
    private static DeclaredPort Tcp(int port) => DeclaredPort.Single(port) with { Protocol = PolicyPort.Tcp };
}
