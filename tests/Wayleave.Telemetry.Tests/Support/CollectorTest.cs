using Wayleave.Telemetry.Settings;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>What a test with a collector, and an installation that sends to it, starts from.</summary>
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

    /// <summary>A flush, and then the longest time that a collector is left alone.</summary>
    internal async Task FlushLaterAsync()
    {
        await Installation.FlushAsync();
        Installation.Time.Advance(TimeSpan.FromMinutes(15));
    }

    /// <summary>
    /// Lets time pass until something is so. The scheduler reads the clock on a thread of its own, so time is not moved at one blow,
    /// which it might miss, but a little at each look.
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
