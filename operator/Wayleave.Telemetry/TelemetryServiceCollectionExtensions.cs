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
    /// Registers <see cref="IUsageCounter"/>, and with telemetry on also <see cref="TelemetrySession"/> and <see
    /// cref="ITelemetryStatistics"/> and <see cref="TelemetryEndpoint"/>. The caller registers <see cref="ILedgerStore"/>, <see
    /// cref="IClusterProfileSource"/>, <see cref="IContextIdSource"/> and logging; with usage counted also
    /// <see cref="IObjectHistoryReader"/>, and feeds <see cref="ObjectTrackerSet"/>, which is registered only then; a
    /// <see cref="TimeProvider"/> an <see cref="IDeliveryReporter"/> and an <see cref="ITelemetryRecordSink"/> of its own if it likes. If
    /// telemetry is off, none of these is resolved.
    /// </summary>
    public static IServiceCollection AddWayleaveTelemetry(
        this IServiceCollection services, TelemetrySettings settings, SemanticVersion version)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(version);
        services.AddSingleton(settings);
        if (!settings.Enabled)
        {
            return services.AddSingleton<IUsageCounter, NullUsageCounter>();
        }

        services.TryAddSingleton(TimeProvider.System);
        AddSink(services, settings);
        services.AddSingleton(_ => new UsageCounter(settings.Usage, settings.Errors));
        services.AddSingleton<IUsageCounter>(provider => provider.GetRequiredService<UsageCounter>());
        services.AddSingleton<TelemetryStatistics>();
        services.AddSingleton<ITelemetryStatistics>(provider => provider.GetRequiredService<TelemetryStatistics>());
        AddObjects(services, settings);
        services.AddSingleton<RequestTracker>();
        services.AddSingleton<ActiveEventReporter>();
        services.TryAddSingleton<ITelemetryScheduler, QuartzScheduler>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TelemetryResourceProvider>(provider, version));
        AddSender(services, settings);
        services.AddSingleton(provider => Reporter(provider, settings));
        services.AddSingleton(provider => Session(provider));
        services.AddSingleton(provider => new TelemetryEndpoint(
            settings, version, provider.GetRequiredService<TelemetryStatistics>(), provider.GetRequiredService<RequestTracker>()));
        return services;
    }

    private static void AddObjects(IServiceCollection services, TelemetrySettings settings)
    {
        if (settings.Usage)
        {
            services.AddSingleton<ObjectTrackerSet>();
            services.AddSingleton<ObjectCounter>();
        }

        services.AddSingleton(provider => new LedgerManager(
            provider.GetRequiredService<ILedgerStore>(),
            provider.GetService<ObjectCounter>(),
            provider.GetRequiredService<TelemetryStatistics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LedgerManager>>()));
    }

    private static void AddSink(IServiceCollection services, TelemetrySettings settings)
    {
        if (settings.Debug)
        {
            services.TryAddSingleton<ITelemetryRecordSink, LoggerRecordSink>();
        }
        else
        {
            services.TryAddSingleton<ITelemetryRecordSink, NullRecordSink>();
        }
    }

    private static void AddSender(IServiceCollection services, TelemetrySettings settings)
    {
        if (settings.Endpoint is { } endpoint)
        {
            services.AddSingleton<IBatchSender>(provider => new OtlpBatchSender(
                endpoint,
                new ExporterCredentialLoader(settings.ApiKey, settings.ApiKeyFile, settings.CaFile, settings.Headers),
                settings.ExportTimeout,
                provider.GetRequiredService<RequestTracker>(),
                provider.GetRequiredService<TimeProvider>()));
        }
    }

    private static UsageReporter Reporter(IServiceProvider provider, TelemetrySettings settings) => new(
        provider.GetRequiredService<UsageCounter>(),
        provider.GetRequiredService<LedgerManager>(),
        provider.GetRequiredService<TelemetryResourceProvider>(),
        settings.Endpoint is null ? null : Exporter(provider, settings),
        provider.GetRequiredService<ITelemetryRecordSink>(),
        provider.GetRequiredService<TimeProvider>());

    private static BatchExporter Exporter(IServiceProvider provider, TelemetrySettings settings)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        return new BatchExporter(
            provider.GetRequiredService<IBatchSender>(),
            new Backoff(settings.FlushInterval, time, Random.Shared),
            provider.GetService<IDeliveryReporter>(),
            provider.GetRequiredService<TelemetryStatistics>(),
            time,
            provider.GetRequiredService<ILogger<BatchExporter>>());
    }

    private static TelemetrySession Session(IServiceProvider provider) => new(
        provider.GetRequiredService<UsageCounter>(),
        provider.GetRequiredService<UsageReporter>(),
        provider.GetRequiredService<ActiveEventReporter>(),
        provider.GetRequiredService<ITelemetryScheduler>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<TelemetrySession>>());
}
