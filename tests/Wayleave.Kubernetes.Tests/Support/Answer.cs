using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Responses of the fake API server.</summary>
internal static class Answer
{
    public static RequestDelegate Json(string json, int code = 200) => context => SendAsync(context, json, code);

    public static RequestDelegate Status(int code, string reason, string message) => context => StatusAsync(context, code, reason, message);

    /// <summary>The n-th request gets the n-th answer. The last one repeats.</summary>
    public static RequestDelegate InTurn(params RequestDelegate[] answers)
    {
        var next = -1;
        return context => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)](context);
    }

    /// <summary>Sends no response until the client disconnects.</summary>
    public static Task NeverAsync(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public static async Task SendAsync(HttpContext context, string body, int code = 200, string contentType = "application/json")
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    public static Task StatusAsync(HttpContext context, int code, string reason, string message) => SendAsync(
        context,
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":{{JsonSerializer.Serialize(message)}},"reason":"{{reason}}","code":{{code}}}""",
        code);
}
