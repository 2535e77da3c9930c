using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Recording;
using Wayleave.Telemetry.Reports;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// The ports: <c>/metrics</c> and <c>/telemetry</c> on one, <c>/healthz</c> and <c>/readyz</c> on another, and <c>/v1/events</c> over TLS
/// on a third, if the event store can be queried. Nothing here can be written to.
/// </summary>
internal sealed class HttpEndpoints(
    HealthState health, MeterProvider metrics, OperatorOptions options, IEnumerable<TelemetryEndpoint> telemetry,
    IEnumerable<EventQueryEndpoint> events)
{
    private const string Surface = "wayleave.surface";
    private const string Metrics = "metrics";
    private const string Probes = "probes";
    private const string Events = "events";

    private readonly EventQueryEndpoint? _events = events.FirstOrDefault();

    public static void Listen(KestrelServerOptions kestrel, OperatorOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        Listen(kestrel, options, options.MetricsPort, Metrics);
        Listen(kestrel, options, options.ProbePort, Probes);
        if (options.Events?.Port is { } port)
        {
            var certificate = kestrel.ApplicationServices.GetRequiredService<EventCertificate>();
            Listen(kestrel, options, port, Events, listen => listen.UseHttps(https =>
                https.ServerCertificateSelector = (_, _) => certificate.Get()));
        }
    }

    public void Map(IApplicationBuilder application)
    {
        PrometheusExport.Map(
            application,
            metrics,
            static context => SurfaceOf(context) == Metrics && context.Request.Path.Value == "/metrics",
            hasExemplars: options.Tracing is not null);
        application.Run(AnswerAsync);
    }

    private static string? SurfaceOf(HttpContext context) => context.Features.Get<IConnectionItemsFeature>()?.Items[Surface] as string;

    private static void Listen(
        KestrelServerOptions kestrel, OperatorOptions options, int port, string surface, Action<ListenOptions>? secure = null)
    {
        if (options.BindAddress is { } address)
        {
            kestrel.Listen(address, port, Tag);
        }
        else
        {
            kestrel.ListenAnyIP(port, Tag);
        }

        void Tag(ListenOptions listen)
        {
            listen.Use(next => connection =>
            {
                connection.Items[Surface] = surface;
                return next(connection);
            });
            secure?.Invoke(listen);
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        return (SurfaceOf(context), context.Request.Path.Value) switch
        {
            (Metrics, "/telemetry") => WriteAsync(context, Telemetry(), "application/json"),
            (Events, _) when _events is not null => _events.AnswerAsync(context),
            (Probes, "/healthz") => ProbeAsync(context, problem: null),
            (Probes, "/readyz") => ProbeAsync(context, health.GetNotReadyReason()),
            _ => WriteAsync(context, "not found\n", "text/plain", StatusCodes.Status404NotFound),
        };
    }

    private string Telemetry() =>
        telemetry.FirstOrDefault()?.Write() ?? TelemetryEndpoint.WriteDisabled(options.Telemetry);

    private static Task ProbeAsync(HttpContext context, string? problem) => problem is null
        ? WriteAsync(context, "ok\n", "text/plain")
        : WriteAsync(context, problem + "\n", "text/plain", StatusCodes.Status503ServiceUnavailable);

    private static Task WriteAsync(HttpContext context, string text, string type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
