using Wayleave.Telemetry.Settings;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>Base class of tests with a collector and an installation that sends to it.</summary>
public abstract class CollectorTest : IAsyncLifetime
{
    internal OtlpCollector Collector { get; private set; } = null!;

    internal Installation Installation { get; private set; } = null!;

    internal TelemetrySettings Settings { get; private set; } = TelemetrySettings.Default;

    public async Task InitializeAsync()
    {
        Collector = await OtlpCollector.StartAsync();
        Settings = TelemetrySettings.Default with { Endpoint = Collector.Endpoint, FlushInterval = TimeSpan.FromSeconds(5) };
        Installation = new Installation(Settings);
    }

    public async Task DisposeAsync()
    {
        await Installation.DisposeAsync();
        await Collector.DisposeAsync();
    }

    /// <summary>Another process of the same installation.</summary>
    internal Installation Restart(TelemetrySettings? settings = null) => new(settings ?? Settings, Installation.Store, Installation.Time);

    /// <summary>Flushes, and then advances the clock by the longest backoff.</summary>
    internal async Task FlushLaterAsync()
    {
        await Installation.FlushAsync();
        Installation.Time.Advance(TimeSpan.FromMinutes(15));
    }

    /// <summary>
    /// Advances the clock until a condition holds. The scheduler reads the clock on a thread of its own and could miss one large step, so
    /// the clock advances a little at each check.
    /// </summary>
    internal Task PassAsync(Installation installation, Func<OtlpCollector, bool> condition, string what) => Collector.WaitForAsync(
        collector =>
        {
            installation.Time.Advance(TimeSpan.FromMilliseconds(250));
            return condition(collector);
        },
        Sample.Deadline,
        what);
}
