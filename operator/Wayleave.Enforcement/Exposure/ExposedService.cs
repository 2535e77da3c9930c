using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Exposure;

/// <summary>A Service of a server with the Ingresses, routes and webhooks that expose it.</summary>
/// <param name="References">Ingresses, routes and the API server's calls that lead to it, in any order.</param>
public sealed record ExposedService(PartialService Service, IReadOnlyList<ServiceExposure> References)
{
    /// <summary>Whether the Service itself accepts connections from outside the cluster.</summary>
    public bool IsExternal => Service.Spec is { Type: "LoadBalancer" or "NodePort" } or { ExternalIPs.Count: > 0 };
}

/// <summary>An Ingress, route or webhook that exposes a port of a Service.</summary>
/// <param name="Source">Kind and name of the object, for messages: <c>Ingress shop/web</c>.</param>
/// <param name="Port">The port of the Service; null for all of them.</param>
/// <param name="Controller">
/// The ingress controller that forwards the requests. Null for the API server, which calls webhooks and aggregated APIs.
/// </param>
public sealed record ServiceExposure(string Source, DeclaredPort? Port, IngressControllerMatch? Controller);

/// <summary>The resolved ingress controller of an Ingress or route.</summary>
/// <param name="Class">The IngressClass or GatewayClass, for messages; null for none.</param>
/// <param name="Controller">The controller that the class names; null when there is no such class.</param>
/// <param name="Pods">The workloads of that controller in the cluster.</param>
public sealed record IngressControllerMatch(string? Class, string? Controller, IReadOnlyList<Workload> Pods);
