using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Wayleave.Testing.ControlPlane;

/// <summary>A fault of one request to an API server.</summary>
public sealed class ApiFault
{
    private readonly Func<HttpContext, Func<HttpContext, Task>, Task> _answer;

    private ApiFault(Func<HttpContext, Func<HttpContext, Task>, Task> answer) => _answer = answer;

    /// <summary>The request does not reach the API server, and the client gets an error with this status.</summary>
    public static ApiFault Refused(int code, TimeSpan? retryAfter = null) => new((context, _) =>
    {
        context.Response.StatusCode = code;
        if (retryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        }

        var reason = code switch { 409 => "Conflict", 429 => "TooManyRequests", 503 => "ServiceUnavailable", _ => "InternalError" };
        return context.Response.WriteAsJsonAsync(new { apiVersion = "v1", kind = "Status", status = "Failure", code, reason, message = "so the proxy says" }, context.RequestAborted);
    });

    /// <summary>The request reaches the API server after a delay, unless the client has given up by then.</summary>
    public static ApiFault Late(TimeSpan wait) => new(async (context, forward) =>
    {
        await Task.Delay(wait, context.RequestAborted);
        await forward(context);
    });

    /// <summary>The API server executes the request, and the client gets only the first bytes of the answer.</summary>
    public static ApiFault Truncated(int bytes) => new(async (context, forward) =>
    {
        context.Response.Body = new TruncatedStream(context.Response.Body, bytes, context.Abort);
        await forward(context);
        context.Abort();
    });

    /// <param name="context">The request.</param>
    /// <param name="forward">Forwards it to the API server.</param>
    public async Task AnswerAsync(HttpContext context, Func<HttpContext, Task> forward)
    {
        try
        {
            await _answer(context, forward);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected or was cut off.
        }
    }
}
