using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using k8s;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;
using Wayleave.Mapper.Ingestion;
using Wayleave.Observation.Graphs;
using Wayleave.Observation.Proposals;

namespace Wayleave.Mapper.Page;

/// <summary>
/// Answers <c>GET /map</c>: the page that <c>kubectl wayleave map visualize</c> writes, for those who may read the map. It bounds how many
/// requests it works on and how long, and refuses more. Thread-safe.
/// </summary>
internal sealed partial class PageEndpoint(PageAccess access, MapReader reader, TimeProvider time, ILogger<PageEndpoint> logger)
    : IDisposable
{
    public const string Path = "/map";

    private const string ContentType = "text/html; charset=utf-8";
    private const int MaxReviews = 8;
    private const int MaxPages = 2;

    private static readonly TimeSpan _reviewTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pageTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(5);

    private static readonly Refusal _busy =
        Refusal.TooMany("too many requests at a time; try again in some seconds", TimeSpan.FromSeconds(2));

    private readonly ConcurrencyLimiter _reviews = new(new() { PermitLimit = MaxReviews });
    private readonly ConcurrencyLimiter _pages = new(new() { PermitLimit = MaxPages });
    private readonly LogThrottle _throttle = new(time);

    public async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = $"{MapPage.Policy}; frame-ancestors 'none'";
        var (request, refusal) = PageRequest.Read(context);
        refusal ??= await CheckAsync(request!, context.RequestAborted);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        using var slot = _pages.AttemptAcquire();
        await (slot.IsAcquired ? AnswerAsync(context, request!) : RefuseAsync(context, _busy));
    }

    public void Dispose()
    {
        _reviews.Dispose();
        _pages.Dispose();
    }

    private async Task<Refusal?> CheckAsync(PageRequest request, CancellationToken aborted)
    {
        using var slot = _reviews.AttemptAcquire();
        if (!slot.IsAcquired)
        {
            return _busy;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        either.CancelAfter(_reviewTimeout);
        try
        {
            return await access.CheckAsync(request, either.Token);
        }
        catch (Exception error) when (IsUnavailable(error, aborted))
        {
            // The sender is not known, and is not told what the API server says.
            Report(error.Message);
            return Refusal.Unavailable("the API server did not review the token; try again, or see the mapper's log", _retryAfter);
        }
    }

    // The time includes the transfer: a client that reads slowly does not keep the place of others.
    private async Task AnswerAsync(HttpContext context, PageRequest request)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        either.CancelAfter(_pageTimeout);
        var (page, refusal) = await CreateAsync(request, either.Token, context.RequestAborted);
        if (page is null)
        {
            await RefuseAsync(context, refusal!);
            return;
        }

        try
        {
            await WriteAsync(context, page, ContentType, either.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task<(byte[]? Page, Refusal? Refusal)> CreateAsync(
        PageRequest request, CancellationToken cancellationToken, CancellationToken aborted)
    {
        try
        {
            var map = await reader.ReadAsync(request.Namespace, cancellationToken);
            if (map.Seen.Clients.Count == 0)
            {
                return (null, Refusal.Malformed(
                    $"no calls found in {PageAccess.ScopeOf(request.Namespace)}; the map has what sensors saw",
                    StatusCodes.Status404NotFound));
            }

            var graph = GraphBuilder.Build(map.Seen, map.Declared, CallFilter.Everything);
            return (Encoding.UTF8.GetBytes(MapPage.Write(graph, MapPageTitle.For(request.Namespace, time.GetUtcNow()))), null);
        }
        catch (LimitExceededException error)
        {
            var advice = request.Namespace is null ? "use ?namespace=NAME, or kubectl wayleave map" : "use kubectl wayleave map";
            return (null, Refusal.Malformed($"the map is larger than the page can show: {error.Message}; {advice}"));
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            Report(error.Message);
            return (null, Refusal.Unavailable(
                $"the mapper lacks a right: {error.Message}; set mapper.page.enabled=true in the chart", _retryAfter));
        }
        catch (Exception error) when (IsUnavailable(error, aborted))
        {
            Report(error.Message);
            return (null, Refusal.Unavailable(
                "the API server did not send what the page shows; try again, or see the mapper's log", _retryAfter));
        }
    }

    private static bool IsUnavailable(Exception error, CancellationToken aborted) =>
        error is KubernetesException or HttpRequestException or TimeoutException or IOException or JsonException or InvalidDataException
        || (error is OperationCanceledException && !aborted.IsCancellationRequested);

    private void Report(string reason)
    {
        if (_throttle.ShouldLog(reason))
        {
            LogFailed(reason);
        }
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        refusal.WriteHeaders(context.Response, $"{HttpMethods.Get}, {HttpMethods.Head}");
        return WriteAsync(context, Encoding.UTF8.GetBytes(refusal.Text + "\n"), "text/plain; charset=utf-8", context.RequestAborted);
    }

    private static Task WriteAsync(HttpContext context, byte[] content, string type, CancellationToken cancellationToken)
    {
        (context.Response.ContentType, context.Response.ContentLength) = (type, content.Length);
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(content, cancellationToken).AsTask();
    }

    [LoggerMessage(LogLevel.Warning, "Cannot serve the map: {Reason}")]
    private partial void LogFailed(string reason);
}
