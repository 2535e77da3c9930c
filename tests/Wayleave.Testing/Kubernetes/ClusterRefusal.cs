using System.Net;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Testing.Kubernetes;

/// <summary>The error responses of an API server.</summary>
internal static class ClusterRefusal
{
    public static KubernetesException NotFound(ObjectKey key) => New(HttpStatusCode.NotFound, "NotFound", $"{key} not found");

    public static KubernetesException Conflict(ObjectKey key, string why) => New(HttpStatusCode.Conflict, "Conflict", $"{key}: {why}");

    public static KubernetesException AlreadyExists(ObjectKey key) => New(HttpStatusCode.Conflict, "AlreadyExists", $"{key} already exists");

    public static KubernetesException Terminating(ObjectKey key) =>
        New(HttpStatusCode.Forbidden, "Forbidden", $"{key} is forbidden: unable to create new content because the namespace is being terminated");

    public static KubernetesException Gone() => New(HttpStatusCode.Gone, "Expired", "too old resource version");

    private static KubernetesException New(HttpStatusCode code, string reason, string message) =>
        ApiErrors.Create(new V1Status { Status = "Failure", Reason = reason, Message = message, Code = (int)code }, code);
}
