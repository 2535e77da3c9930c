using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Export;

/// <summary>
/// The OpenTelemetry SDK with the OTLP exporter, set up for one batch: in a container of its own, which shares nothing with the
/// program's logging, and with a configuration of its own that is empty, so that no <c>OTEL_*</c> variable has a say in what is sent,
/// how or where, nor brings the exporter's own retries or logs to life.
/// </summary>
internal static class OtlpPipeline
{
    private const string Category = "wayleave.telemetry";
    private const string SignalPath = "/v1/logs";

    /// <summary>
    /// Exports the batch, in one request, when its last record is written. Disposing waits for the exporter's thread.
    /// </summary>
    public static ServiceProvider Build(Uri endpoint, LedgerBatch batch, HttpClient client)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging => logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(Resource(batch.Version));
            options.AddProcessor(new RecordStamp());
            options.AddOtlpExporter((exporter, processor) =>
            {
                Configure(exporter, LogsAddress(endpoint), client);
                Configure(processor, batch.Records.Length);
            });
        }));
        return services.BuildServiceProvider();
    }

    public static void Write(IServiceProvider pipeline, LedgerBatch batch)
    {
        var logger = pipeline.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        foreach (var record in batch.Records)
        {
            var state = new RecordState(record);
            logger.Log(LogLevel.Information, new EventId(0, record.Event.Name), state, exception: null, static (_, _) => "");
        }
    }

    public static Uri LogsAddress(Uri endpoint)
    {
        var path = endpoint.AbsolutePath.TrimEnd('/');
        return new UriBuilder(endpoint)
        {
            Path = path.EndsWith(SignalPath, StringComparison.Ordinal) ? path : path + SignalPath,
        }.Uri;
    }

    private static ResourceBuilder Resource(SemanticVersion version) => ResourceBuilder.CreateEmpty().AddAttributes(
        ResourceAttributes.Of(version).Select(entry => new KeyValuePair<string, object>(entry.Key, entry.Value)));

    private static void Configure(OtlpExporterOptions exporter, Uri address, HttpClient client)
    {
        exporter.Endpoint = address;
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Compression = OtlpExportCompression.GZip;
        exporter.HttpClientFactory = () => client;
    }

    private static void Configure(LogRecordExportProcessorOptions processor, int records)
    {
        processor.ExportProcessorType = ExportProcessorType.Batch;
        processor.BatchExportProcessorOptions.MaxQueueSize = records;
        processor.BatchExportProcessorOptions.MaxExportBatchSize = records;
        processor.BatchExportProcessorOptions.ScheduledDelayMilliseconds = int.MaxValue;
    }
}
