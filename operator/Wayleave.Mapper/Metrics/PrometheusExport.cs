using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Wayleave.Mapper.Metrics;

/// <summary>
/// OpenTelemetry's Prometheus exporter, set up as in the operator: it reads the program's own meters and writes the names and labels of the
/// instruments as they are.
/// </summary>
internal static class PrometheusExport
{
    // The SDK allocates room for all series of an instrument at once; more than that add up in one series.
    private const int SeriesPerInstrument = 256;
    private const string Format = "text/plain; version=0.0.4";

    // Seconds: from a cache hit to a request that times out.
    private static readonly double[] _bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Collects from now on what the instruments of these meters measure.</summary>
    public static MeterProvider Collect(params string[] meters) => Sdk.CreateMeterProviderBuilder()
        .SetExemplarFilter(ExemplarFilterType.AlwaysOff)
        .ConfigureServices(services => services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()))
        .SetResourceBuilder(ResourceBuilder.CreateEmpty())
        .AddMeter(meters)
        .AddView(StreamOf)
        .AddPrometheusExporter(options =>
        {
            options.ScopeInfoEnabled = false;
            options.TargetInfoEnabled = false;
            options.TranslationStrategy = PrometheusAspNetCoreTranslationStrategy.UnderscoreEscapingWithoutSuffixes;
            options.ScrapeResponseCacheDurationMilliseconds = 0;
        })
        .Build();

    /// <summary>Answers requests that <paramref name="isScrape"/> selects with what <paramref name="metrics"/> collected.</summary>
    public static void Map(IApplicationBuilder application, MeterProvider metrics, Func<HttpContext, bool> isScrape) =>
        application.UseOpenTelemetryPrometheusScrapingEndpoint(
            metrics,
            isScrape,
            path: null,
            configureBranchedPipeline: branch => branch.Use((context, next) =>
            {
                context.Request.Headers.Accept = Format;
                return next(context);
            }),
            optionsName: null);

    private static MetricStreamConfiguration StreamOf(Instrument instrument) => instrument is Histogram<double>
        ? new ExplicitBucketHistogramConfiguration { Boundaries = _bounds, CardinalityLimit = SeriesPerInstrument }
        : new MetricStreamConfiguration { CardinalityLimit = SeriesPerInstrument };
}
