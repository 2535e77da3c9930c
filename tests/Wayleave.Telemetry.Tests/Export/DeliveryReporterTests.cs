using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Export;

public sealed class DeliveryReporterTests : CollectorTest
{
    [Fact]
    public async Task Reports_once_a_day_that_a_batch_has_waited_for_a_day()
    {
        Collector.Otherwise = OtlpAnswer.Status(503);
        await CountAsync();
        var since = Installation.Time.GetUtcNow();
        await PassAsync(TimeSpan.FromHours(23.5));
        Installation.DeliveryReporter.Reports.ShouldBeEmpty();

        await PassAsync(TimeSpan.FromHours(1));
        Installation.DeliveryReporter.Reports.ShouldBe([("HTTP 503", since)]);
        await PassAsync(TimeSpan.FromHours(22));
        Installation.DeliveryReporter.Reports.Count.ShouldBe(1);
        await PassAsync(TimeSpan.FromHours(3));
        Installation.DeliveryReporter.Reports.Count.ShouldBe(2);
        Installation.Log.All.Count(line => line.Event == "LogTooLong").ShouldBe(2);
    }

    [Fact]
    public async Task A_restart_does_not_reset_the_time_that_a_batch_waited()
    {
        Collector.Otherwise = OtlpAnswer.Status(503);
        await CountAsync();
        Installation.Time.Advance(TimeSpan.FromHours(25));
        await using var next = Restart();
        await next.FlushAsync();

        next.DeliveryReporter.Reports.ShouldHaveSingleItem().Reason.ShouldBe("HTTP 503");
    }

    [Fact]
    public async Task Reports_nothing_while_the_collector_accepts_batches()
    {
        await CountAsync();
        await PassAsync(TimeSpan.FromHours(50));

        Installation.DeliveryReporter.Reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reports_each_attempt()
    {
        Collector.Otherwise = OtlpAnswer.Status(503);
        await CountAsync();
        var refused = Installation.DeliveryReporter.Attempts.ShouldHaveSingleItem();
        refused.Failure.ShouldBe("HTTP 503");
        refused.Records.ShouldBeGreaterThan(0);

        Collector.Otherwise = OtlpAnswer.Accept;
        await PassAsync(TimeSpan.FromHours(1));
        Installation.DeliveryReporter.Attempts.ShouldContain((refused.Records, null));
    }

    private async Task CountAsync()
    {
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.FlushAsync();
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var end = Installation.Time.GetUtcNow() + time; Installation.Time.GetUtcNow() < end;)
        {
            Installation.Time.Advance(TimeSpan.FromMinutes(30));
            await CountAsync();
        }
    }
}
