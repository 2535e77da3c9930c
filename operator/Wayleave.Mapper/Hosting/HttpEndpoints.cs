using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using Wayleave.Mapper.Configuration;
using Wayleave.Mapper.Ingestion;
using Wayleave.Mapper.Metrics;
using Wayleave.Mapper.Page;

namespace Wayleave.Mapper.Hosting;

/// <summary>
/// The ports: <c>/metrics</c> on one, <c>/healthz</c> and <c>/readyz</c> on another, the batches of sensors over TLS on a third, and
/// the page <c>/map</c> over TLS on a fourth if there is one.
/// </summary>
internal sealed class HttpEndpoints(HealthState health, MeterProvider metrics, IngestionPort ingestion, PagePort page)
{
    private const string Surface = "wayleave.surface";
    private const string Metrics = "metrics";
    private const string Probes = "probes";
    private const string Batches = "batches";
    private const string Page = "page";

    public static void Listen(KestrelServerOptions kestrel, MapperOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        Listen(kestrel, options.MetricsPort, Metrics);
        Listen(kestrel, options.ProbePort, Probes);
        Listen(kestrel, options.Port, Batches, kestrel.ApplicationServices.GetRequiredService<IngestionPort>().Secure);
        if (options.PagePort is { } port)
        {
            Listen(kestrel, port, Page, kestrel.ApplicationServices.GetRequiredService<PagePort>().Secure);
        }
    }

    public void Map(IApplicationBuilder application)
    {
        PrometheusExport.Map(
            application, metrics, static context => SurfaceOf(context) == Metrics && context.Request.Path.Value == "/metrics");
        application.Run(AnswerAsync);
    }

    private static string? SurfaceOf(HttpContext context) => context.Features.Get<IConnectionItemsFeature>()?.Items[Surface] as string;

    private static void Listen(KestrelServerOptions kestrel, int port, string surface, Action<ListenOptions>? secure = null) =>
        kestrel.ListenAnyIP(port, listen =>
        {
            listen.Use(next => connection =>
            {
                connection.Items[Surface] = surface;
                return next(connection);
            });
            secure?.Invoke(listen);
        });

    private Task AnswerAsync(HttpContext context) => (SurfaceOf(context), context.Request.Path.Value) switch
    {
        (Batches, _) => ingestion.AnswerAsync(context),
        (Page, _) => page.AnswerAsync(context),
        (Probes, "/healthz") => ProbeAsync(context, problem: null),
        (Probes, "/readyz") => ProbeAsync(context, health.GetNotReadyReason()),
        _ => WriteAsync(context, "not found\n", StatusCodes.Status404NotFound),
    };

    private static Task ProbeAsync(HttpContext context, string? problem) => problem is null
        ? WriteAsync(context, "ok\n", StatusCodes.Status200OK)
        : WriteAsync(context, problem + "\n", StatusCodes.Status503ServiceUnavailable);

    private static Task WriteAsync(HttpContext context, string text, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
