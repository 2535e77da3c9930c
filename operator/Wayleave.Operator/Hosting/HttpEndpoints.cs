using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using Wayleave.Hosting;
using Wayleave.Operator.Configuration;
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
    private const string Events = "events";

    private readonly EventQueryEndpoint? _events = events.FirstOrDefault();

    public static ListeningPortSet GetPorts(OperatorOptions options)
    {
        List<ListeningPort> ports =
        [
            new(StandardEndpoints.Metrics, Flags.MetricsPort, options.MetricsPort),
            new(StandardEndpoints.Probes, Flags.ProbePort, options.ProbePort),
        ];
        if (options.Events?.Port is { } port)
        {
            ports.Add(new(Events, EventFlags.Port, port, Secure));
        }

        return new ListeningPortSet(ports, Flags.BindAddress, options.BindAddress);
    }

    public void Map(IApplicationBuilder application) =>
        StandardEndpoints.Map(application, health, metrics, FindHandler, hasExemplars: options.Tracing is not null);

    private static void Secure(ListenOptions listen)
    {
        var certificate = listen.ApplicationServices.GetRequiredService<IServingCertificate>();
        listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Get());
    }

    private RequestDelegate? FindHandler(string? port, string? path) => (port, path) switch
    {
        (StandardEndpoints.Metrics, "/telemetry") => context => StandardEndpoints.WriteAsync(context, Telemetry(), "application/json"),
        (Events, _) when _events is not null => _events.AnswerAsync,
        _ => null,
    };

    private string Telemetry() =>
        telemetry.FirstOrDefault()?.Write() ?? TelemetryEndpoint.WriteDisabled(options.Telemetry);
}
