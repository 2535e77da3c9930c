using System.Net.Sockets;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpenTelemetry.Metrics;
using Wayleave.Ingest;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Mapper.Caching;
using Wayleave.Mapper.Configuration;
using Wayleave.Mapper.Ingestion;
using Wayleave.Mapper.Metrics;
using Wayleave.Mapper.Observing;
using Wayleave.Mapper.Page;
using Wayleave.Mapper.Storage;

namespace Wayleave.Mapper.Hosting;

/// <summary>Runs the mapper until it is stopped.</summary>
internal static partial class MapperHost
{
    private static readonly TimeSpan _stopTime = TimeSpan.FromSeconds(10);

    /// <summary>The version that was built.</summary>
    public static string Version { get; } =
        typeof(MapperHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0.0.0";

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="OptionsException">A port cannot be opened.</exception>
    public static async Task<int> RunAsync(MapperOptions options, ConnectionSource source, CancellationToken cancellationToken)
    {
        await using var application = Build(options, source);
        var logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Wayleave.Mapper");
        LogStarting(logger, Version);
        await StartAsync(application, cancellationToken);
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.ToArray()
            ?? [];
        LogListening(logger, addresses.ElementAtOrDefault(0), addresses.ElementAtOrDefault(1));
        LogBatches(logger, addresses.ElementAtOrDefault(2));
        if (addresses.ElementAtOrDefault(3) is { } page)
        {
            LogPage(logger, page);
        }

        await application.WaitForShutdownAsync(cancellationToken);
        return application.Services.GetRequiredService<MapperService>().ExecuteTask is { IsFaulted: true }
            ? ExitCodes.Failure
            : ExitCodes.Success;
    }

    /// <summary>The program, ready to start.</summary>
    public static WebApplication Build(MapperOptions options, ConnectionSource source)
    {
        // Empty, so that no configuration file or environment variable of the framework applies.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => HttpEndpoints.Listen(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _stopTime);
        AddMapper(builder.Services, options, source);
        AddIngestion(builder.Services, options);
        PagePort.Add(builder.Services, provider => provider.GetRequiredService<MapperClients>().PageReader);
        AddLogging(builder.Logging, options.LogLevel);
        var application = builder.Build();

        // In this order: metrics before anything is measured, handlers before the informers run.
        application.Services.GetRequiredService<MeterProvider>();
        application.Services.GetRequiredService<MapMetrics>();
        application.Services.GetRequiredService<ClusterWatcher>();
        application.Services.GetRequiredService<HttpEndpoints>().Map(application);
        return application;
    }

    private static void AddMapper(IServiceCollection services, MapperOptions options, ConnectionSource source) => services
        .AddMetrics()
        .AddSingleton(options)
        .AddSingleton(source)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<KubernetesMetrics>()
        .AddSingleton<MapperClients>()
        .AddSingleton(MapperClients.Registry)
        .AddSingleton(provider => provider.GetRequiredService<MapperClients>().Client)
        .AddSingleton<MapState>()
        .AddSingleton<ClusterWatcher>()
        .AddSingleton<IPodDirectory, PodDirectory>()
        .AddSingleton<IBatchHandler, BatchHandler>()
        .AddSingleton<ObservedIntentsReader>()
        .AddSingleton<ObservedIntentsWriter>()
        .AddSingleton<MapStorage>()
        .AddSingleton<MapMetrics>()
        .AddSingleton(_ => PrometheusExport.Collect(KubernetesMetrics.MeterName, MapMetrics.MeterName))
        .AddSingleton<HealthState>()
        .AddSingleton<HttpEndpoints>()
        .AddSingleton<MapperService>()
        .AddHostedService(provider => provider.GetRequiredService<MapperService>());

    private static void AddIngestion(IServiceCollection services, MapperOptions options) => IngestionServices.Add(
        services,
        new IngestionOptions
        {
            Namespace = options.Namespace,
            Service = options.ServiceName,
            SensorNamespace = options.SensorNamespace,
            SensorAccount = options.SensorServiceAccount,
            TlsDirectory = options.TlsDirectory,
        },
        provider => provider.GetRequiredService<MapperClients>().Reviewer);

    private static async Task StartAsync(WebApplication application, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new OptionsException(
                $"{MapperFlags.Port.Option}, {MapperFlags.MetricsPort.Option}, {MapperFlags.ProbePort.Option} or "
                + $"{MapperFlags.PagePort.Option}: {error.Message}; give another port (0 picks a free one)");
        }
    }

    private static void AddLogging(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning);
        logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

            // Not for a web page: quotes may stay readable, control characters are still escaped.
            json.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    }

    [LoggerMessage(LogLevel.Information, "Wayleave mapper {Version}")]
    private static partial void LogStarting(ILogger logger, string version);

    [LoggerMessage(LogLevel.Information, "Metrics at {Metrics}/metrics, probes at {Probes}/healthz and /readyz")]
    private static partial void LogListening(ILogger logger, string? metrics, string? probes);

    [LoggerMessage(LogLevel.Information, "Batches at {Batches}")]
    private static partial void LogBatches(ILogger logger, string? batches);

    [LoggerMessage(LogLevel.Information, "The page of the map at {Page}/map")]
    private static partial void LogPage(ILogger logger, string page);
}
