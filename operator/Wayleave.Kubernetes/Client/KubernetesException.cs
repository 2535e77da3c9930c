using System.Net;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Client;

/// <summary>The API server answered with an error, on a request or within a watch.</summary>
public sealed class KubernetesException(V1Status status, HttpStatusCode statusCode)
    : Exception($"{(int)statusCode} {status.Reason ?? statusCode.ToString()}: {status.Message}")
{
    public V1Status Status { get; } = status;

    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>A version that was asked for is no longer kept: list anew.</summary>
    public bool IsGone => StatusCode == HttpStatusCode.Gone || Status.Reason is "Expired" or "Gone";

    /// <summary>Someone else changed the object, or owns a field that was applied.</summary>
    public bool IsConflict => StatusCode == HttpStatusCode.Conflict;

    /// <summary>Of these, that others own fields that were applied without force: trying again does not help (server-side apply, "Conflicts").</summary>
    public bool IsFieldConflict => IsConflict && Status.Details?.Causes?.Exists(static cause => cause.Reason == "FieldManagerConflict") == true;

    public bool IsForbidden => StatusCode == HttpStatusCode.Forbidden;

    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    /// <summary>The object breaks a rule of its kind.</summary>
    public bool IsInvalid => StatusCode == HttpStatusCode.UnprocessableEntity;
}
