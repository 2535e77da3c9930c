using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Wayleave.Hosting;
using Wayleave.Ingest;

namespace Wayleave.Mapper.Ingestion;

/// <summary>What can be said about a request before anybody is asked and anything is read.</summary>
/// <param name="Address">Where it comes from.</param>
/// <param name="IsCompressed">Whether the body is compressed with gzip.</param>
internal sealed record IngestionRequest(string Token, IPAddress Address, bool IsCompressed)
{
    /// <summary>The request, or why it is refused.</summary>
    public static (IngestionRequest? Request, Refusal? Refusal) Read(HttpContext context)
    {
        // The server counts too, also what is refused: it reads the rest of a body to keep the connection.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BatchLimits.BodyBytes;
        }

        var request = context.Request;
        if (FindRefusal(request) is { } refusal)
        {
            return (null, refusal);
        }

        if (AccessReviewer.FindToken(request.Headers.Authorization) is not { } token)
        {
            return (null, Refusal.Unauthenticated($"no token; send one for the audience {SensorAuthenticator.Audience} as Authorization: Bearer"));
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return (new IngestionRequest(token, address, HasEncoding(request, "gzip")), null);
    }

    private static Refusal? FindRefusal(HttpRequest request) => request switch
    {
        _ when request.Path.Value != IngestionEndpoint.Path =>
            Refusal.Malformed($"not found; use {IngestionEndpoint.Path}", StatusCodes.Status404NotFound),
        _ when !HttpMethods.IsPost(request.Method) =>
            Refusal.Malformed("batches can only be sent; use POST", StatusCodes.Status405MethodNotAllowed),
        _ when MediaType(request.ContentType) != IngestionEndpoint.ContentType =>
            Refusal.Malformed($"Content-Type: must be {IngestionEndpoint.ContentType}", StatusCodes.Status415UnsupportedMediaType),
        _ when request.Headers.ContentEncoding.Count > 0 && !HasEncoding(request, "gzip") && !HasEncoding(request, "identity") =>
            Refusal.Malformed("Content-Encoding: must be gzip or identity", StatusCodes.Status415UnsupportedMediaType),
        { ContentLength: null } => Refusal.Malformed("Content-Length: is missing; send the length of the body", StatusCodes.Status411LengthRequired),
        { ContentLength: > BatchLimits.BodyBytes } =>
            Refusal.TooLarge($"body: larger than {BatchLimits.BodyBytes} bytes; send less in a batch"),
        _ => null,
    };

    private static string MediaType(string? contentType) => (contentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    private static bool HasEncoding(HttpRequest request, string encoding) =>
        string.Equals(request.Headers.ContentEncoding, encoding, StringComparison.OrdinalIgnoreCase);
}
