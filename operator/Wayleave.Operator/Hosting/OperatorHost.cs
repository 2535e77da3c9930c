using OpenTelemetry.Metrics;
using Wayleave.Hosting;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Tracing;
using Wayleave.Settings;
using Wayleave.Telemetry;

namespace Wayleave.Operator.Hosting;

/// <summary>Runs the operator until it is stopped.</summary>
internal static partial class OperatorHost
{
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="OptionsException">A port cannot be opened.</exception>
    public static async Task<int> RunAsync(OperatorOptions options, ConnectionSource source, CancellationToken cancellationToken)
    {
        var ports = HttpEndpoints.GetPorts(options);
        ports.CheckFree();
        var builder = ProgramHost.CreateBuilder(ports, options.LogLevel, logsTraceIds: true);
        builder.Logging.AddFilter("Quartz", LogLevel.Warning);
        builder.Services.AddOperator(options, source);
        await using var application = builder.Build();
        var logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Wayleave.Operator");
        Connect(application);
        LogStart(logger, options);
        var addresses = await ports.StartAsync(application, cancellationToken);
        if (options.Events?.Port is not null)
        {
            LogQueries(logger, addresses.ElementAtOrDefault(2), EventQueryEndpoint.Path);
        }

        LogListening(logger, addresses.ElementAtOrDefault(0), addresses.ElementAtOrDefault(1));
        await application.WaitForShutdownAsync(cancellationToken);
        return application.Services.GetRequiredService<OperatorService>().ExecuteTask is { IsFaulted: true }
            ? ExitCodes.Failure
            : ExitCodes.Success;
    }

    // In this order: metrics, traces and handlers of events before anything is measured, event handlers before the informers run.
    private static void Connect(WebApplication application)
    {
        var services = application.Services;
        services.GetRequiredService<MeterProvider>();
        services.GetService<TraceExport>();
        services.GetRequiredService<OperatorMetrics>().Register();
        services.GetService<EventMetrics>()?.Register();
        services.GetRequiredService<EnforcementMetrics>().Register();
        services.GetRequiredService<HttpEndpoints>().Map(application);
        services.GetRequiredService<OperatorDeployment>().Attach(services.GetRequiredService<ClusterCache>().Workloads);
        services.GetRequiredService<ControllerManager>().AttachHandlers();
    }

    private static void LogStart(ILogger logger, OperatorOptions options)
    {
        LogStarting(logger, OperatorVersion.Text, options.Governance.Mode.ToString());
        LogTelemetry(logger, TelemetryNotice.Describe(options.Telemetry));
        foreach (var problem in options.Telemetry.Problems)
        {
            LogTelemetryProblem(logger, problem);
        }

        if (options.Tracing is { } tracing)
        {
            LogTracing(logger, tracing.SamplingRatio, tracing.Endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
        }
    }

    [LoggerMessage(LogLevel.Information, "Wayleave {Version}, default mode {Mode}")]
    private static partial void LogStarting(ILogger logger, string version, string mode);

    [LoggerMessage(LogLevel.Information, "{Notice}")]
    private static partial void LogTelemetry(ILogger logger, string notice);

    [LoggerMessage(LogLevel.Error, "{Problem}")]
    private static partial void LogTelemetryProblem(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "Tracing is on: sampling ratio {SamplingRatio}, exporting to {Endpoint}")]
    private static partial void LogTracing(ILogger logger, double samplingRatio, string endpoint);

    [LoggerMessage(LogLevel.Information, "Metrics at {Metrics}/metrics, probes at {Probes}/healthz and /readyz")]
    private static partial void LogListening(ILogger logger, string? metrics, string? probes);

    [LoggerMessage(LogLevel.Information, "Queries of the event store at {Events}{Path}")]
    private static partial void LogQueries(ILogger logger, string? events, string path);
}
