using System.Net;
using Wayleave.Hosting;
using Wayleave.Mapper.Ingestion;
using Wayleave.Settings;

namespace Wayleave.Mapper.Page;

/// <summary>A request for the page, before anything is asked or read.</summary>
/// <param name="Token">The token of the person.</param>
/// <param name="Address">Where the request comes from.</param>
/// <param name="Namespace">The namespace to show. Null for all.</param>
internal sealed record PageRequest(string Token, IPAddress Address, string? Namespace)
{
    private const string NamespaceParameter = "namespace";

    /// <summary>The request, or why it is refused.</summary>
    public static (PageRequest? Request, Refusal? Refusal) Read(HttpContext context)
    {
        var request = context.Request;
        if (request.Path.Value != PageEndpoint.Path)
        {
            return (null, Refusal.Malformed($"not found; use {PageEndpoint.Path}", StatusCodes.Status404NotFound));
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return (null, Refusal.Malformed("the map can only be read; use GET", StatusCodes.Status405MethodNotAllowed));
        }

        if (AccessReviewer.FindToken(request.Headers.Authorization) is not { } token)
        {
            return (null, Refusal.Unauthenticated(
                $"no token; send one for the audience {PageAccess.Audience} as Authorization: Bearer"));
        }

        if (request.Query.Keys.Any(key => key != NamespaceParameter))
        {
            return (null, Refusal.Malformed($"unknown parameter; use {NamespaceParameter}, or leave it out"));
        }

        string? @namespace = null;
        if (request.Query.TryGetValue(NamespaceParameter, out var values))
        {
            if (values is not [{ } value] || !NameParsers.IsLabel(value))
            {
                return (null, Refusal.Malformed($"{NamespaceParameter}: is not one name of a namespace; give it once, or leave it out"));
            }

            @namespace = value;
        }

        return (new PageRequest(token, context.Connection.RemoteIpAddress ?? IPAddress.None, @namespace), null);
    }
}
