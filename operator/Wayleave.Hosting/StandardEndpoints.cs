using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Metrics;

namespace Wayleave.Hosting;

/// <summary>
/// What every program serves: <c>/metrics</c> on one port, <c>/healthz</c> and <c>/readyz</c> on another. The program answers the rest.
/// </summary>
public static class StandardEndpoints
{
    public const string Metrics = "metrics";
    public const string Probes = "probes";

    /// <param name="health">What <c>/readyz</c> answers.</param>
    /// <param name="metrics">What <c>/metrics</c> answers.</param>
    /// <param name="findHandler">What answers a request to another port or path. Null for nothing.</param>
    public static void Map(
        IApplicationBuilder application, HealthState health, MeterProvider metrics,
        Func<string?, string?, RequestDelegate?> findHandler, bool hasExemplars = false)
    {
        PrometheusExport.Map(
            application,
            metrics,
            static context => ListeningPortSet.GetName(context) == Metrics && context.Request.Path.Value == "/metrics",
            hasExemplars);
        application.Run(context => (ListeningPortSet.GetName(context), context.Request.Path.Value) switch
        {
            (Probes, "/healthz") => ProbeAsync(context, problem: null),
            (Probes, "/readyz") => ProbeAsync(context, health.GetNotReadyReason()),
            var (port, path) when findHandler(port, path) is { } handler => handler(context),
            _ => WriteAsync(context, "not found\n", "text/plain", StatusCodes.Status404NotFound),
        });
    }

    public static Task WriteAsync(HttpContext context, string text, string type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static Task ProbeAsync(HttpContext context, string? problem) => problem is null
        ? WriteAsync(context, "ok\n", "text/plain")
        : WriteAsync(context, problem + "\n", "text/plain", StatusCodes.Status503ServiceUnavailable);
}
