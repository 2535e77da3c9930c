using OpenTelemetry.Metrics;
using Wayleave.Hosting;
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
using Wayleave.Settings;

namespace Wayleave.Mapper.Hosting;

/// <summary>Runs the mapper until it is stopped.</summary>
internal static partial class MapperHost
{
    /// <summary>The version that was built.</summary>
    public static string Version { get; } = ProgramHost.GetVersion(typeof(MapperHost).Assembly);

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="OptionsException">A port cannot be opened.</exception>
    public static async Task<int> RunAsync(MapperOptions options, ConnectionSource source, CancellationToken cancellationToken)
    {
        var ports = HttpEndpoints.GetPorts(options);
        ports.CheckFree();
        await using var application = Build(options, source);
        var logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Wayleave.Mapper");
        LogStarting(logger, Version);
        var addresses = await ports.StartAsync(application, cancellationToken);
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
        var builder = ProgramHost.CreateBuilder(HttpEndpoints.GetPorts(options), options.LogLevel);
        AddMapper(builder.Services, options, source);
        AddIngestion(builder.Services, options);
        PagePort.Add(builder.Services, provider => provider.GetRequiredService<MapperApiClients>().PageReader);
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
        .AddSingleton<MapperApiClients>()
        .AddSingleton(MapperApiClients.Registry)
        .AddSingleton(provider => provider.GetRequiredService<MapperApiClients>().Client)
        .AddSingleton<MapState>()
        .AddSingleton<ClusterWatcher>()
        .AddSingleton<IPodDirectory>(provider => provider.GetRequiredService<MapState>())
        .AddSingleton<IBatchHandler>(provider => provider.GetRequiredService<MapState>())
        .AddSingleton<ObservedIntentsReader>()
        .AddSingleton<ObservedIntentsWriter>()
        .AddSingleton<MapStorage>()
        .AddSingleton<MapMetrics>()
        .AddSingleton(_ => PrometheusExport.Collect(
            [KubernetesMetrics.MeterName, IngestionMetrics.MeterName], series: 256, requestSeries: 256))
        .AddSingleton(CreateHealth)
        .AddSingleton<ApiServerWaiter>()
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
        provider => provider.GetRequiredService<MapperApiClients>().Reviewer);

    // A standby is not ready, so that its Service sends batches to the leader only.
    private static HealthState CreateHealth(IServiceProvider provider)
    {
        var map = provider.GetRequiredService<MapState>();
        return new HealthState(
            () => map.Term is not null ? null : $"not leading: waiting for the lease {MapperApiClients.Name} and the stored map");
    }

    [LoggerMessage(LogLevel.Information, "Wayleave mapper {Version}")]
    private static partial void LogStarting(ILogger logger, string version);

    [LoggerMessage(LogLevel.Information, "Metrics at {Metrics}/metrics, probes at {Probes}/healthz and /readyz")]
    private static partial void LogListening(ILogger logger, string? metrics, string? probes);

    [LoggerMessage(LogLevel.Information, "Accepting batches of sensors at {Batches}")]
    private static partial void LogBatches(ILogger logger, string? batches);

    [LoggerMessage(LogLevel.Information, "Serving the map at {Page}/map")]
    private static partial void LogPage(ILogger logger, string page);
}
