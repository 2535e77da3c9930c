using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Sessions;

public sealed class ActiveReporterTests : CollectorTest
{
    [Fact]
    public async Task Active_carries_the_shape_of_the_cluster()
    {
        await Installation.Active.ReportAsync(default);
        await Installation.FlushAsync();

        var record = Collector.Records.ShouldHaveSingleItem();
        record.EventType.ShouldBe("ACTIVE");
        record.Count.ShouldBe(1);
        record.Attributes["nodes"].ShouldBe("1000+");
        record.Attributes["kubernetes.minor"].ShouldBe(36L);
        record.Attributes["changes.gitops"].ShouldBe(true);
        record.Attributes.Keys.ShouldNotContain("total");
    }

    [Fact]
    public async Task A_shape_that_cannot_be_read_does_not_stop_active()
    {
        Installation.Shapes.Fails = true;
        await Installation.Active.ReportAsync(default);
        await Installation.FlushAsync();

        var record = Collector.Records.ShouldHaveSingleItem();
        record.EventType.ShouldBe("ACTIVE");
        record.Attributes.Keys.ShouldNotContain("nodes");
        Installation.Statistics.SourceFailures.ShouldBe(1);
    }

    [Fact]
    public async Task A_shape_that_never_comes_does_not_stop_active()
    {
        Installation.Shapes.Hangs = true;
        var reporting = Installation.Active.ReportAsync(default);
        reporting.IsCompleted.ShouldBeFalse();
        Installation.Time.Advance(TimeSpan.FromSeconds(30));
        await reporting.WaitAsync(Sample.Deadline);
        await Installation.FlushAsync();

        Collector.Records.ShouldHaveSingleItem().EventType.ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Several_that_wait_become_one_with_the_latest_shape()
    {
        await Installation.Active.ReportAsync(default);
        Installation.Shapes.Shape = Installation.Shapes.Shape with { KubernetesMinor = 37 };
        await Installation.Active.ReportAsync(default);
        await Installation.FlushAsync();

        var record = Collector.Records.ShouldHaveSingleItem();
        record.Count.ShouldBe(2);
        record.Attributes["kubernetes.minor"].ShouldBe(37L);
    }

    [Fact]
    public async Task A_shape_outlives_a_restart_with_the_count_it_belongs_to()
    {
        await using (var before = Restart(TelemetrySettings.Default))
        {
            await before.Active.ReportAsync(default);
            await before.FlushAsync();
        }

        await Installation.FlushAsync();

        Collector.Records.ShouldHaveSingleItem().Attributes["nodes"].ShouldBe("1000+");
    }

    [Fact]
    public async Task A_shape_belongs_to_active_alone()
    {
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.Active.ReportAsync(default);
        await Installation.FlushAsync();
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.FlushAsync();

        Collector.Records.Where(record => record.Attributes.ContainsKey("nodes")).ShouldHaveSingleItem().EventType.ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task A_shape_waits_for_the_active_that_it_belongs_to()
    {
        Installation.Reporter.Describe(RecordBuilder.Describe(Installation.Shapes.Shape));
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.FlushAsync();
        Installation.Counter.Add(UsageCatalog.Active);
        await Installation.FlushAsync();

        Collector.Records.Single(record => record.EventType == "ACTIVE").Attributes["nodes"].ShouldBe("1000+");
    }
}
