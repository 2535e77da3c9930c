using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpenTelemetry.Metrics;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Tracing;
using Wayleave.Telemetry;

namespace Wayleave.Operator.Hosting;

/// <summary>Runs the operator until it is stopped.</summary>
internal static partial class OperatorHost
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="OptionsException">A port cannot be opened.</exception>
    public static async Task<int> RunAsync(OperatorOptions options, ConnectionSource source, CancellationToken cancellationToken)
    {
        ListeningPorts.Check(options);

        // Empty, so that no configuration file or environment variable of the framework applies.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => HttpEndpoints.Listen(kestrel, options));
        if (options.Events?.Port is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);
        builder.Services.AddOperator(options, source);
        AddLogging(builder.Logging, options.LogLevel);
        await using var application = builder.Build();
        var logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Wayleave.Operator");
        Connect(application);
        LogStart(logger, options);
        await StartAsync(application, options, cancellationToken);
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.ToArray()
            ?? [];
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

    private static async Task StartAsync(WebApplication application, OperatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Another program took a port since it was checked.
            ListeningPorts.Check(options);
            throw new OptionsException($"{Flags.MetricsPort.Option} or {Flags.ProbePort.Option}: {error.Message}");
        }
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

    private static void AddLogging(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning);
        logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
        logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.IncludeScopes = true;

            // Not for a web page: quotes may stay readable, control characters are still escaped.
            json.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    }

    [LoggerMessage(LogLevel.Information, "Wayleave {Version}, default mode {Mode}")]
    private static partial void LogStarting(ILogger logger, string version, string mode);

    [LoggerMessage(LogLevel.Information, "{Notice}")]
    private static partial void LogTelemetry(ILogger logger, string notice);

    [LoggerMessage(LogLevel.Error, "{Problem}")]
    private static partial void LogTelemetryProblem(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "Tracing is on: a share of {SamplingRatio} of the reconciles is sent to {Endpoint}")]
    private static partial void LogTracing(ILogger logger, double samplingRatio, string endpoint);

    [LoggerMessage(LogLevel.Information, "Metrics at {Metrics}/metrics, probes at {Probes}/healthz and /readyz")]
    private static partial void LogListening(ILogger logger, string? metrics, string? probes);

    [LoggerMessage(LogLevel.Information, "Queries of the event store at {Events}{Path}")]
    private static partial void LogQueries(ILogger logger, string? events, string path);
}
