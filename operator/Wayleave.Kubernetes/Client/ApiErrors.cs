using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>Classifies errors of the API server. Requests and watches throw the same exception of the client library.</summary>
public static class ApiErrors
{
    // As in client-go, which keeps the body of an answer that is not a Status in such a cause.
    private const string UnexpectedResponse = "UnexpectedServerResponse";

    extension(KubernetesException error)
    {
        public HttpStatusCode StatusCode => (HttpStatusCode)(error.Status?.Code ?? (int)HttpStatusCode.InternalServerError);

        /// <summary>410 Gone: the requested resourceVersion has expired. The caller must relist.</summary>
        public bool IsGone => error.StatusCode == HttpStatusCode.Gone || error.Status?.Reason is "Expired" or "Gone";

        /// <summary>Someone else changed or created the object.</summary>
        public bool IsConflict => error.StatusCode == HttpStatusCode.Conflict;

        public bool IsForbidden => error.StatusCode == HttpStatusCode.Forbidden;

        public bool IsNotFound => error.StatusCode == HttpStatusCode.NotFound;

        /// <summary>The namespace is being deleted, and takes no new objects.</summary>
        public bool IsNamespaceTerminating =>
            error.Status?.Details?.Causes?.Any(static cause => cause.Reason == "NamespaceTerminating") == true;

        /// <summary>
        /// The body of an answer that is not a Status of the API server: of a Pod behind its proxy, or of a proxy in front of it. Null if
        /// the API server itself rejected the request.
        /// </summary>
        public string? ForeignBody =>
            error.Status?.Details?.Causes?.FirstOrDefault(cause => cause.Reason == UnexpectedResponse)?.Message;

        /// <summary>The object breaks a rule of its kind.</summary>
        public bool IsInvalid => error.StatusCode == HttpStatusCode.UnprocessableEntity;
    }

    /// <summary>Creates the exception for an error response of the API server.</summary>
    /// <param name="code">The HTTP status code, used if the body has no code.</param>
    public static KubernetesException Create(V1Status status, HttpStatusCode code)
    {
        status.Code ??= (int)code;
        return new ApiServerException(status, code);
    }

    /// <summary>Creates the exception for a response body, which may come from a proxy.</summary>
    internal static KubernetesException Create(string? body, HttpStatusCode code, string? reason)
    {
        V1Status? status = null;
        try
        {
            status = string.IsNullOrEmpty(body) ? null : JsonSerializer.Deserialize(body, LibraryObjectJson.Default.V1Status);
        }
        catch (Exception error) when (error is JsonException or FormatException or NotSupportedException)
        {
            // Not a Status: the status code is all that is known.
        }

        return Create(status?.Code is not null ? status : CreateUnexpected(body, reason), code);
    }

    private static V1Status CreateUnexpected(string? body, string? reason) => new()
    {
        Message = reason,
        Details = new V1StatusDetails { Causes = [new V1StatusCause { Reason = UnexpectedResponse, Message = body ?? "" }] },
    };
}

/// <summary>The library's exception, with the status code and the reason in its message.</summary>
internal sealed class ApiServerException(V1Status status, HttpStatusCode code) : KubernetesException(status)
{
    public override string Message => $"{Status.Code} {Status.Reason ?? code.ToString()}: {Status.Message}";
}

/// <summary>There are more objects, or a response has more bytes, than the configured limit. A retry does not help.</summary>
public sealed class LimitExceededException(string message) : Exception(message);
