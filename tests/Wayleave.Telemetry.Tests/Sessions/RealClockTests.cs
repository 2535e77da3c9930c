using Microsoft.Extensions.DependencyInjection;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Profile;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Sessions;

public sealed class RealClockTests
{
    [Fact]
    public async Task Sends_ACTIVE_repeatedly_and_STARTED_once_with_the_system_clock()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var interval = TimeSpan.FromMilliseconds(50);
        var settings = TelemetrySettings.Default with
        {
            Endpoint = collector.Endpoint,
            FlushInterval = interval,
            ActiveInterval = interval,
        };
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<ILedgerStore, FakeLedgerStore>()
            .AddSingleton<IContextIdSource, FakeContextIdSource>()
            .AddSingleton<IClusterProfileSource, FakeClusterProfileSource>()
            .AddSingleton<IObjectHistoryReader, FakeObjectHistory>()
            .AddWayleaveTelemetry(settings, SemanticVersion.Parse("0.1.0"))
            .BuildServiceProvider();
        var session = services.GetRequiredService<TelemetrySession>();
        await session.StartAsync(default);

        await collector.WaitForAsync(
            seen => seen.Records.Count(record => record.EventType == "ACTIVE") >= 2, Sample.Deadline, "ACTIVE, twice");
        await session.StopAsync(default);

        collector.Records.Count(record => record.EventType == "STARTED").ShouldBe(1);
    }
}
