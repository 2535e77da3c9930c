using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// The OpenTelemetry SDK with the OTLP exporter, in its own service container and with an empty configuration, so that neither the
/// program's logging nor <c>OTEL_*</c> variables affect what is sent or enable the exporter's own retries. It sends one batch at a time.
/// Disposing waits for the exporter's thread.
/// </summary>
internal sealed class OtlpPipeline : IAsyncDisposable
{
    private const string Category = "wayleave.telemetry";
    private const string SignalPath = "/v1/logs";

    // More records than the catalog has events and the counts have origins of errors.
    private const int UsualCapacity = 512;

    // Far less than the maximum delay of the batch processor, after which it could export a partial batch.
    private static readonly TimeSpan _longestRest = TimeSpan.FromDays(1);

    private readonly SemanticVersion _version;
    private readonly string _mark;
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private readonly CollectorHandler _handler;
    private readonly HttpClient _client;
    private readonly ServiceProvider _services;
    private readonly LoggerProvider _provider;
    private readonly ILogger _logger;
    private long _usedAt;

    /// <param name="endpoint">The collector's base address.</param>
    /// <param name="access">The credentials and trusted authorities.</param>
    /// <param name="batch">The first batch.</param>
    /// <param name="time">The clock.</param>
    public OtlpPipeline(Uri endpoint, ExporterCredentials access, LedgerBatch batch, TimeProvider time)
    {
        _version = batch.Version;
        _mark = access.Mark;
        _capacity = Math.Max(UsualCapacity, batch.Records.Length + 1);
        _time = time;
        _handler = new CollectorHandler(endpoint, access, time);
        _client = new HttpClient(_handler) { Timeout = Timeout.InfiniteTimeSpan };
        _services = Build(LogsAddress(endpoint));
        _provider = _services.GetRequiredService<LoggerProvider>();
        _logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        _usedAt = time.GetTimestamp();
    }

    /// <summary>Whether it can send the batch with this access.</summary>
    public bool Fits(LedgerBatch batch, ExporterCredentials access) =>
        batch.Version == _version
        && batch.Records.Length < _capacity
        && access.Mark == _mark
        && _time.GetElapsedTime(_usedAt) < _longestRest;

    /// <summary>Has the exporter's thread send the batch in one request, which belongs to the attempt. Does not wait for it.</summary>
    public void Send(LedgerBatch batch, SendAttempt attempt)
    {
        _usedAt = _time.GetTimestamp();
        _handler.Expect(attempt);
        foreach (var record in batch.Records)
        {
            var state = new RecordState(record);
            _logger.Log(LogLevel.Information, new EventId(0, record.Event.Name), state, exception: null, static (_, _) => "");
        }

        _provider.ForceFlush(timeoutMilliseconds: 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _client.Dispose();
    }

    private static Uri LogsAddress(Uri endpoint)
    {
        var path = endpoint.AbsolutePath.TrimEnd('/');
        return new UriBuilder(endpoint)
        {
            Path = path.EndsWith(SignalPath, StringComparison.Ordinal) ? path : path + SignalPath,
        }.Uri;
    }

    private static ResourceBuilder Resource(SemanticVersion version) => ResourceBuilder.CreateEmpty().AddAttributes(
        ResourceAttributes.Of(version).Select(entry => new KeyValuePair<string, object>(entry.Key, entry.Value)));

    private ServiceProvider Build(Uri address)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging => logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(Resource(_version));
            options.AddProcessor(new RecordStamp());
            options.AddOtlpExporter((exporter, processor) =>
            {
                Configure(exporter, address);
                Configure(processor.BatchExportProcessorOptions);
                processor.ExportProcessorType = ExportProcessorType.Batch;
            });
        }));
        return services.BuildServiceProvider();
    }

    private void Configure(OtlpExporterOptions exporter, Uri address)
    {
        exporter.Endpoint = address;
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Compression = OtlpExportCompression.GZip;
        exporter.HttpClientFactory = () => _client;
    }

    // A batch never fills the queue, so that only the flush exports it, as a whole.
    private void Configure(BatchExportProcessorOptions<LogRecord> processor)
    {
        processor.MaxQueueSize = _capacity;
        processor.MaxExportBatchSize = _capacity;
        processor.ScheduledDelayMilliseconds = int.MaxValue;
    }
}
