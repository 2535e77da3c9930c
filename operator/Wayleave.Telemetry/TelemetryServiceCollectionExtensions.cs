using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Profile;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Reports;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry;

/// <summary>Registers the telemetry services.</summary>
public static class TelemetryServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IUsageCounter"/>, and with telemetry on also <see cref="TelemetrySession"/>, <see
    /// cref="TelemetryStatistics"/> and <see cref="TelemetryEndpoint"/>. The caller registers <see cref="ILedgerStore"/>, <see
    /// cref="IClusterProfileSource"/>, <see cref="IContextIdSource"/> and logging; with usage counted also
    /// <see cref="IObjectHistoryReader"/>, and connects <see cref="ObjectTrackerSet"/>, which is registered only then; a
    /// <see cref="TimeProvider"/> and an <see cref="IDeliveryReporter"/> of its own if it likes. If telemetry is off, none of these is
    /// resolved.
    /// </summary>
    public static IServiceCollection AddWayleaveTelemetry(
        this IServiceCollection services, TelemetrySettings settings, SemanticVersion version)
    {
        services.AddSingleton(settings);
        if (!settings.Enabled)
        {
            return services.AddSingleton<IUsageCounter, NullUsageCounter>();
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(version);
        services.AddSingleton(_ => new UsageCounter(settings.Usage, settings.Errors));
        services.AddSingleton<IUsageCounter>(provider => provider.GetRequiredService<UsageCounter>());
        services.AddSingleton<TelemetryStatistics>();
        services.AddSingleton<TelemetryEndpoint>();
        if (settings.Usage)
        {
            services.AddSingleton<ObjectTrackerSet>();
            services.AddSingleton<ObjectCounter>();
        }

        services.AddSingleton<LedgerManager>();
        services.AddSingleton<TelemetryResourceProvider>();
        AddExporter(services, settings);
        if (settings.Debug)
        {
            services.AddSingleton<LoggerRecordSink>();
        }

        services.AddSingleton<UsageReporter>();
        services.AddSingleton<ActiveEventReporter>();
        services.TryAddSingleton<ITelemetryScheduler, QuartzScheduler>();
        return services.AddSingleton(provider => new TelemetrySession(
            provider.GetRequiredService<UsageCounter>(),
            provider.GetRequiredService<UsageReporter>(),
            provider.GetRequiredService<ActiveEventReporter>(),
            provider.GetRequiredService<ITelemetryScheduler>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TelemetrySession>>()));
    }

    private static void AddExporter(IServiceCollection services, TelemetrySettings settings)
    {
        if (settings.Endpoint is { } endpoint)
        {
            services.AddSingleton<IBatchSender>(provider => new OtlpBatchSender(
                "wayleave-operator",
                endpoint,
                new ExporterCredentialLoader(settings.ApiKey, settings.ApiKeyFile, settings.CaFile, settings.Headers),
                settings.ExportTimeout,
                provider.GetRequiredService<TelemetryStatistics>(),
                provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton(provider =>
                new Backoff(settings.FlushInterval, provider.GetRequiredService<TimeProvider>(), Random.Shared));
            services.AddSingleton<BatchExporter>();
        }
    }
}
