using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Wayleave.Hosting;

/// <summary>
/// OpenTelemetry's Prometheus exporter, set up so that it reads the program's own meters and writes the names and labels of the
/// instruments as they are.
/// </summary>
public static class PrometheusExport
{
    /// <summary>The meter of .NET's HTTP client.</summary>
    public const string HttpClientMeter = "System.Net.Http";

    private const int SeriesPerHttpInstrument = 128;

    // OpenMetrics has one more series for each counter, and is needed for exemplars only.
    private const string Format = "text/plain; version=0.0.4";
    private const string FormatWithExemplars = "application/openmetrics-text; version=1.0.0";

    // Seconds: from a cache hit to a request that times out.
    private static readonly double[] _bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>
    /// Collects from now on what the instruments of these meters measure. The SDK allocates room for all series of an instrument at once;
    /// more than that add up in one series with otel_metric_overflow="true".
    /// </summary>
    /// <param name="hasExemplars">Whether to keep, with a measurement, the trace ID of an exported span that it was made in.</param>
    /// <param name="series">The most series of an instrument.</param>
    /// <param name="requestSeries">The most series of an instrument of requests to API servers.</param>
    public static MeterProvider Collect(
        IReadOnlyCollection<string> meters, bool hasExemplars = false, int series = 128, int requestSeries = 4096) =>
        Sdk.CreateMeterProviderBuilder()
            .SetExemplarFilter(hasExemplars ? ExemplarFilterType.TraceBased : ExemplarFilterType.AlwaysOff)
            .ConfigureServices(services => services.AddSingleton<IConfiguration>(Unconfigured()))
            .SetResourceBuilder(ResourceBuilder.CreateEmpty())
            .AddMeter([.. meters])
            .AddView(instrument => instrument.Meter.Name == HttpClientMeter
                ? HttpClientStreamOf(instrument)
                : OwnStreamOf(instrument, IsOfRequests(instrument) ? requestSeries : series))
            .AddPrometheusExporter(options =>
            {
                options.ScopeInfoEnabled = false;
                options.TargetInfoEnabled = false;
                options.TranslationStrategy = PrometheusAspNetCoreTranslationStrategy.UnderscoreEscapingWithoutSuffixes;
                options.ScrapeResponseCacheDurationMilliseconds = 0;
            })
            .Build();

    /// <summary>
    /// Answers requests that <paramref name="isScrape"/> selects with what <paramref name="metrics"/> collected, with exemplars if there are
    /// any and the scraper asks for the format that has them.
    /// </summary>
    public static void Map(
        IApplicationBuilder application, MeterProvider metrics, Func<HttpContext, bool> isScrape, bool hasExemplars = false) =>
        application.UseOpenTelemetryPrometheusScrapingEndpoint(
            metrics,
            isScrape,
            path: null,
            configureBranchedPipeline: branch => branch.Use((context, next) => RequestFormatAsync(context, next, hasExemplars)),
            optionsName: null);

    // No OTEL_* variable changes what the administrator sees; OTEL_SDK_DISABLED turns telemetry off, not the metrics.
    private static IConfiguration Unconfigured() => new ConfigurationBuilder().Build();

    // Under the names that the OpenTelemetry specification gives them in Prometheus. The other instruments of this meter add little, and
    // addresses of peers would be many series.
    private static MetricStreamConfiguration HttpClientStreamOf(Instrument instrument) => instrument.Name switch
    {
        "http.client.request.duration" => new ExplicitBucketHistogramConfiguration
        {
            Name = "http_client_request_duration_seconds",
            Boundaries = _bounds,
            TagKeys = ["http.request.method", "http.response.status_code", "error.type", "server.address", "server.port"],
            CardinalityLimit = SeriesPerHttpInstrument,
        },
        "http.client.active_requests" => new MetricStreamConfiguration
        {
            Name = "http_client_active_requests",
            TagKeys = ["http.request.method", "server.address", "server.port"],
            CardinalityLimit = SeriesPerHttpInstrument,
        },
        "http.client.open_connections" => new MetricStreamConfiguration
        {
            Name = "http_client_open_connections",
            TagKeys = ["http.connection.state", "server.address", "server.port"],
            CardinalityLimit = SeriesPerHttpInstrument,
        },
        _ => MetricStreamConfiguration.Drop,
    };

    private static bool IsOfRequests(Instrument instrument) => instrument.Name.StartsWith("rest_client_", StringComparison.Ordinal);

    private static MetricStreamConfiguration OwnStreamOf(Instrument instrument, int series) => instrument is Histogram<double>
        ? new ExplicitBucketHistogramConfiguration { Boundaries = _bounds, CardinalityLimit = series }
        : new MetricStreamConfiguration { CardinalityLimit = series };

    private static Task RequestFormatAsync(HttpContext context, RequestDelegate next, bool hasExemplars)
    {
        var accept = context.Request.Headers.Accept.ToString();
        context.Request.Headers.Accept = hasExemplars && accept.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase)
            ? FormatWithExemplars
            : Format;
        return next(context);
    }
}
