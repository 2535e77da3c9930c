using k8s;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Storage;

namespace Wayleave.Operator.Recording;

/// <summary>
/// Answers <c>GET /v1/events</c> to those whom the API server allows it. It bounds how many requests it works on, and answers 429 to more.
/// Thread-safe.
/// </summary>
internal sealed class EventQueryEndpoint(IEventReader reader, AccessReviewer reviewer) : IDisposable
{
    public const string Path = "/v1/events";

    /// <summary>The API server removes <c>Authorization</c> from requests that it proxies to a Pod.</summary>
    public const string ProxiedAuthorization = "X-Wayleave-Authorization";

    private const int MaxConcurrent = 8;
    private const string Scheme = "Bearer ";

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
                context, StatusCodes.Status401Unauthorized, $"no token; send one for the audience {AccessReviewer.Audience} as Authorization: Bearer");
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
        switch (await ReviewAsync(token, cancellationToken))
        {
            case null:
                await RefuseAsync(
                    context, StatusCodes.Status503ServiceUnavailable, "the API server did not review the token; try again, or see its log");
                return;
            case AccessDecision.Unauthenticated:
                await RefuseAsync(
                    context, StatusCodes.Status401Unauthorized, $"the token is not valid for the audience {AccessReviewer.Audience}; request a new one");
                return;
            case AccessDecision.Denied:
                await RefuseAsync(
                    context, StatusCodes.Status403Forbidden, $"the token's user may not get the non-resource URL {Path}; bind a ClusterRole that allows it");
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

    // Null if the API server did not say.
    private async Task<AccessDecision?> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            return await reviewer.ReviewAsync(token, Path, cancellationToken);
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException)
        {
            return null;
        }
    }

    private async Task WriteAsync(HttpContext context, EventQuery query, CancellationToken cancellationToken)
    {
        var found = reader.Read(query, cancellationToken);
        var page = new EventPage(found, found.Count == query.Limit ? EventCursor.From(found[^1]).ToString() : null);
        await context.Response.WriteAsJsonAsync(page, EventJson.Default.EventPage, cancellationToken: cancellationToken);
    }

    private static string? FindToken(IHeaderDictionary headers)
    {
        var value = headers.Authorization is [{ } direct] ? direct : headers[ProxiedAuthorization] is [{ } proxied] ? proxied : null;
        return value is not null && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && value.Length > Scheme.Length
            ? value[Scheme.Length..]
            : null;
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
