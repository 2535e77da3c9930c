using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Metrics;
using Wayleave.Settings;

namespace Wayleave.Operator.Tracing;

/// <summary>
/// Exports spans with the OpenTelemetry SDK from its creation until it is disposed. Exists only if tracing is on. No <c>OTEL_*</c> variable
/// changes where spans go. It never delays the code that ends a span: spans wait in a bounded queue for a thread of its own.
/// </summary>
internal sealed class TraceExport : IDisposable
{
    private const int MaxBatch = 512;

    // For one request, so that the queue is not full soon after a collector stops answering.
    private static readonly TimeSpan _requestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    // Together with a graceful stop it fits into the grace period of a Pod.
    private static readonly TimeSpan _flushTime = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client;
    private readonly TracerProvider _provider;

    /// <exception cref="OptionsException">The file with certificate authorities cannot be used.</exception>
    public TraceExport(TracingSettings settings, OperatorOptions options, IMeterFactory meters, ILoggerFactory loggers)
    {
        Register(meters.Create(OperatorMetrics.MeterName));
        var handler = new TraceCollectorHandler(settings.Endpoint, settings.Headers, LoadAuthorities(settings.CaFile), _requestTimeout);
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var exporter = new SpanExporter(CreateOptions(settings), handler, Statistics, loggers.CreateLogger<SpanExporter>());
        _provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()))
            .SetResourceBuilder(CreateResource(options.Instance))
            .SetSampler(new RecordingSampler(settings.SamplingRatio))
            .AddSource(KubernetesTracing.SourceName, OperatorTracing.SourceName)
            .AddProcessor(new ExportFilter(Statistics))
            .AddProcessor(new BatchActivityExportProcessor(
                exporter, SpanStatistics.QueueSize, (int)_interval.TotalMilliseconds, (int)_requestTimeout.TotalMilliseconds, MaxBatch))
            .Build();
    }

    public SpanStatistics Statistics { get; } = new();

    /// <summary>Sends what waits, for at most two seconds.</summary>
    public void Dispose()
    {
        _provider.Shutdown((int)_flushTime.TotalMilliseconds);

        // Ends a request that the collector does not answer.
        _client.Dispose();
        _provider.Dispose();
    }

    // Each option is set, because the defaults are read from OTEL_EXPORTER_OTLP_*.
    private OtlpExporterOptions CreateOptions(TracingSettings settings) => new()
    {
        Endpoint = GetTracesEndpoint(settings.Endpoint),
        Protocol = OtlpExportProtocol.HttpProtobuf,
        Compression = OtlpExportCompression.GZip,
        Headers = "",
        TimeoutMilliseconds = (int)_requestTimeout.TotalMilliseconds,
        HttpClientFactory = () => _client,
    };

    private static Uri GetTracesEndpoint(Uri endpoint)
    {
        const string SignalPath = "/v1/traces";
        var path = endpoint.AbsolutePath.TrimEnd('/');
        return new UriBuilder(endpoint) { Path = path.EndsWith(SignalPath, StringComparison.Ordinal) ? path : path + SignalPath }.Uri;
    }

    private static ResourceBuilder CreateResource(string instance) => ResourceBuilder.CreateEmpty().AddAttributes(
    [
        new("service.name", "wayleave-operator"),
        new("service.namespace", "wayleave"),
        new("service.version", OperatorVersion.Semantic.Value),
        new("service.instance.id", instance),
    ]);

    private static X509Certificate2Collection? LoadAuthorities(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it has no certificate");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OptionsException(
                $"{TracingFlags.CaFile.Option}: \"{file}\" cannot be used ({error.Message}); name a PEM file with certificates");
        }
    }

    private void Register(Meter meter)
    {
        meter.CreateObservableCounter(
            "wayleave_tracing_spans_exported_total", () => Statistics.Exported, description: "Spans that the collector accepted.");
        meter.CreateObservableCounter<long>(
            "wayleave_tracing_spans_dropped_total",
            () => [Dropped(Statistics.NotQueued, "queue_full"), Dropped(Statistics.NotSent, "not_accepted")],
            description: "Spans that were not exported, by reason.");

        static Measurement<long> Dropped(long spans, string reason) => new(spans, new KeyValuePair<string, object?>("reason", reason));
    }
}
