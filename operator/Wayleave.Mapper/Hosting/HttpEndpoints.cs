using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using Wayleave.Hosting;
using Wayleave.Mapper.Configuration;
using Wayleave.Mapper.Ingestion;
using Wayleave.Mapper.Page;

namespace Wayleave.Mapper.Hosting;

/// <summary>
/// The ports: <c>/metrics</c> on one, <c>/healthz</c> and <c>/readyz</c> on another, the batches of sensors over TLS on a third, and
/// the page <c>/map</c> over TLS on a fourth if there is one.
/// </summary>
internal sealed class HttpEndpoints(HealthState health, MeterProvider metrics, IngestionPort ingestion, PagePort page)
{
    private const string Batches = "batches";
    private const string Page = "page";

    public static ListeningPortSet GetPorts(MapperOptions options)
    {
        List<ListeningPort> ports =
        [
            new(StandardEndpoints.Metrics, MapperFlags.MetricsPort, options.MetricsPort),
            new(StandardEndpoints.Probes, MapperFlags.ProbePort, options.ProbePort),
            new(Batches, MapperFlags.Port, options.Port, listen => Get<IngestionPort>(listen).Secure(listen)),
        ];
        if (options.PagePort is { } port)
        {
            ports.Add(new(Page, MapperFlags.PagePort, port, listen => Get<PagePort>(listen).Secure(listen)));
        }

        return new ListeningPortSet(ports);
    }

    public void Map(IApplicationBuilder application) => StandardEndpoints.Map(application, health, metrics, (port, _) => port switch
    {
        Batches => ingestion.AnswerAsync,
        Page => page.AnswerAsync,
        _ => null,
    });

    private static T Get<T>(ListenOptions listen)
        where T : notnull => listen.ApplicationServices.GetRequiredService<T>();
}
