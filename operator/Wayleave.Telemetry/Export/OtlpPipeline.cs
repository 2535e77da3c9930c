using System.Collections.ObjectModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;

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
    private static readonly TimeSpan _maxIdleTime = TimeSpan.FromDays(1);

    private readonly string _serviceName;
    private readonly SemanticVersion _version;
    private readonly string _fingerprint;
    private readonly int _capacity;
    private readonly TimeProvider _time;
    private readonly CollectorHandler _handler;
    private readonly HttpClient _client;
    private readonly ServiceProvider _services;
    private readonly LoggerProvider _provider;
    private readonly ILogger _logger;
    private long _usedAt;

    public OtlpPipeline(
        string serviceName, Uri endpoint, ExporterCredentials credentials, LedgerBatch batch, TimeProvider time)
    {
        _serviceName = serviceName;
        _version = batch.Version;
        _fingerprint = credentials.Fingerprint;
        _capacity = Math.Max(UsualCapacity, batch.Records.Length + 1);
        _time = time;
        _handler = new CollectorHandler(serviceName, endpoint, credentials, time);
        _client = new HttpClient(_handler) { Timeout = Timeout.InfiniteTimeSpan };
        _services = Build(GetLogsEndpoint(endpoint));
        _provider = _services.GetRequiredService<LoggerProvider>();
        _logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        _usedAt = time.GetTimestamp();
    }

    public bool CanSend(LedgerBatch batch, ExporterCredentials credentials) =>
        batch.Version == _version
        && batch.Records.Length < _capacity
        && credentials.Fingerprint == _fingerprint
        && _time.GetElapsedTime(_usedAt) < _maxIdleTime;

    /// <summary>Has the exporter's thread send the batch in one request, which belongs to the attempt. Does not wait for it.</summary>
    public void Send(LedgerBatch batch, SendAttempt attempt)
    {
        _usedAt = _time.GetTimestamp();
        _handler.SetPendingAttempt(attempt);
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

    private static Uri GetLogsEndpoint(Uri endpoint)
    {
        var path = endpoint.AbsolutePath.TrimEnd('/');
        return new UriBuilder(endpoint)
        {
            Path = path.EndsWith(SignalPath, StringComparison.Ordinal) ? path : path + SignalPath,
        }.Uri;
    }

    // The whole resource: no host, process, container or cluster is in it.
    private static ResourceBuilder CreateResource(string serviceName, SemanticVersion version) =>
        ResourceBuilder.CreateEmpty().AddAttributes(
        [new("service.name", serviceName), new("service.namespace", "wayleave"), new("service.version", version.Value)]);

    private ServiceProvider Build(Uri address)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging => logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(CreateResource(_serviceName, _version));
            options.AddProcessor(new RecordStamp());
            options.AddOtlpExporter((exporter, processor) =>
            {
                exporter.Endpoint = address;
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Compression = OtlpExportCompression.GZip;
                exporter.HttpClientFactory = () => _client;
                processor.ExportProcessorType = ExportProcessorType.Batch;

                // A batch never fills the queue, so that only the flush exports it, as a whole.
                processor.BatchExportProcessorOptions.MaxQueueSize = _capacity;
                processor.BatchExportProcessorOptions.MaxExportBatchSize = _capacity;
                processor.BatchExportProcessorOptions.ScheduledDelayMilliseconds = int.MaxValue;
            });
        }));
        return services.BuildServiceProvider();
    }
}

/// <summary>A record in the form in which the OpenTelemetry SDK takes a log call's attributes.</summary>
internal sealed class RecordState(UsageRecord record) : ReadOnlyCollection<KeyValuePair<string, object?>>(
    [.. record.Attributes.Select(entry => KeyValuePair.Create<string, object?>(entry.Attribute.Key, entry.Value.Raw))])
{
    public UsageRecord Record { get; } = record;
}

/// <summary>
/// Makes a log record contain only our record: its own time instead of that of the attempt, so that a retry has the same bytes; the event's
/// name as its body, which is what most log backends show; and no trace, which could be matched with the operator's own.
/// </summary>
internal sealed class RecordStamp : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        data.Body = null;
        if (data.Attributes is RecordState state)
        {
            data.Body = state.Record.Event.Name;
            data.Timestamp = state.Record.Time.UtcDateTime;
            data.ObservedTimestamp = state.Record.Time.UtcDateTime;
        }

        data.FormattedMessage = null;
        data.TraceId = default;
        data.SpanId = default;
        data.TraceFlags = default;
        data.TraceState = null;
    }
}
