using k8s;
using k8s.Models;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Storage;
using Wayleave.Hosting;

namespace Wayleave.Operator.Recording;

/// <summary>
/// Answers <c>GET /v1/events</c> to those whom the API server allows it. It bounds how many requests it works on, and answers 429 to more.
/// Thread-safe.
/// </summary>
internal sealed class EventQueryEndpoint(IEventReader reader, AccessReviewer reviewer) : IDisposable
{
    public const string Path = "/v1/events";

    /// <summary>The audience that tokens must have.</summary>
    public const string Audience = "wayleave-events";

    /// <summary>The API server removes <c>Authorization</c> from requests that it proxies to a Pod.</summary>
    public const string ProxiedAuthorization = "X-Wayleave-Authorization";

    private const int MaxConcurrent = 8;

    private readonly SemaphoreSlim _slots = new(MaxConcurrent);

    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Value != Path)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"not found; use {Path}");
        }
        else if (!HttpMethods.IsGet(context.Request.Method))
        {
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "events can only be read; use GET");
        }
        else if (FindToken(context.Request.Headers) is not { } token)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await RefuseAsync(
                context, StatusCodes.Status401Unauthorized, $"no token; send one for the audience {Audience} as Authorization: Bearer");
        }
        else if (!await _slots.WaitAsync(TimeSpan.Zero, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "too many requests at a time; try again in a second");
        }
        else
        {
            try
            {
                await AnswerAsync(context, token);
            }
            finally
            {
                _slots.Release();
            }
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task AnswerAsync(HttpContext context, string token)
    {
        var cancellationToken = context.RequestAborted;
        if (await FindRefusalAsync(token, cancellationToken) is (var status, var text))
        {
            await RefuseAsync(context, status, text);
            return;
        }

        EventQuery query;
        try
        {
            query = EventQueryParser.Parse(context.Request.Query);
        }
        catch (FormatException error)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error.Message);
            return;
        }

        await WriteAsync(context, query, cancellationToken);
    }

    // Null if the request is allowed.
    private async Task<(int Status, string Text)?> FindRefusalAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            if (await reviewer.ReviewAsync(token, cancellationToken) is not { } user)
            {
                return (StatusCodes.Status401Unauthorized, $"the token is not valid for the audience {Audience}; request a new one");
            }

            var path = new V1NonResourceAttributes { Path = Path, Verb = "get" };
            return await reviewer.IsAllowedAsync(user, path, cancellationToken)
                ? null
                : (StatusCodes.Status403Forbidden,
                    $"the token's user may not get the non-resource URL {Path}; bind a ClusterRole that allows it");
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException)
        {
            return (StatusCodes.Status503ServiceUnavailable, "the API server did not review the token; try again, or see the API server's log");
        }
    }

    private async Task WriteAsync(HttpContext context, EventQuery query, CancellationToken cancellationToken)
    {
        var found = reader.Read(query, cancellationToken);
        var page = new EventPage(found, found.Count == query.Limit ? EventCursor.From(found[^1]).ToString() : null);
        await context.Response.WriteAsJsonAsync(page, EventJson.Default.EventPage, cancellationToken: cancellationToken);
    }

    private static string? FindToken(IHeaderDictionary headers) =>
        AccessReviewer.FindToken(headers.Authorization is [not null] ? headers.Authorization : headers[ProxiedAuthorization]);

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
