using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Profile;
using Wayleave.Telemetry.Reports;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>The services of telemetry, registered as in the operator, with fakes for everything outside the process.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Installation(
        TelemetrySettings settings, FakeLedgerStore? store = null, ManualTime? time = null, Action<IServiceCollection>? configure = null)
    {
        Store = store ?? new FakeLedgerStore();
        Time = time ?? new ManualTime();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ILedgerStore>(Store);
        services.AddSingleton<IContextIdSource>(ContextIdSource);
        services.AddSingleton<IClusterProfileSource>(ProfileSource);
        services.AddSingleton<IObjectHistoryReader>(History);
        services.AddSingleton<IDeliveryReporter>(DeliveryReporter);
        configure?.Invoke(services);
        services.AddWayleaveTelemetry(settings, SemanticVersion.Parse("0.1.0"));
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public FakeLedgerStore Store { get; }

    public ManualTime Time { get; }

    public FakeContextIdSource ContextIdSource { get; } = new();

    public FakeClusterProfileSource ProfileSource { get; } = new();

    public FakeObjectHistory History { get; } = new();

    public FakeDeliveryReporter DeliveryReporter { get; } = new();

    public LogLines Log { get; } = new();

    public TelemetryEndpoint Page => _services.GetRequiredService<TelemetryEndpoint>();

    public ObjectTrackerSet Trackers => _services.GetRequiredService<ObjectTrackerSet>();

    public IUsageCounter Counter => _services.GetRequiredService<IUsageCounter>();

    public TelemetrySession Session => _services.GetRequiredService<TelemetrySession>();

    public TelemetryStatisticsSnapshot Statistics => _services.GetRequiredService<TelemetryStatistics>().Read();

    public UsageReporter Reporter => _services.GetRequiredService<UsageReporter>();

    public ActiveEventReporter Active => _services.GetRequiredService<ActiveEventReporter>();

    /// <summary>Flushes as the schedule does.</summary>
    public Task FlushAsync() => Reporter.FlushAsync(last: false, CancellationToken.None);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
