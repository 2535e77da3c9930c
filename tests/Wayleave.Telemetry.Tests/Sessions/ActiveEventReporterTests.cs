using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Sessions;

public sealed class ActiveEventReporterTests : CollectorTest
{
    [Fact]
    public async Task ACTIVE_carries_the_cluster_profile()
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
    public async Task Reports_ACTIVE_without_a_profile_that_cannot_be_read()
    {
        Installation.ProfileSource.Fails = true;
        await Installation.Active.ReportAsync(default);
        await Installation.FlushAsync();

        var record = Collector.Records.ShouldHaveSingleItem();
        record.EventType.ShouldBe("ACTIVE");
        record.Attributes.Keys.ShouldNotContain("nodes");
        Installation.Statistics.SourceFailures.ShouldBe(1);
    }

    [Fact]
    public async Task Reports_ACTIVE_after_reading_the_profile_timed_out()
    {
        Installation.ProfileSource.Hangs = true;
        var reporting = Installation.Active.ReportAsync(default);
        reporting.IsCompleted.ShouldBeFalse();
        Installation.Time.Advance(TimeSpan.FromSeconds(30));
        await reporting.WaitAsync(Sample.Deadline);
        await Installation.FlushAsync();

        Collector.Records.ShouldHaveSingleItem().EventType.ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Merges_pending_ACTIVE_counts_and_sends_the_latest_profile()
    {
        await Installation.Active.ReportAsync(default);
        Installation.ProfileSource.Profile = Installation.ProfileSource.Profile with { KubernetesMinor = 37 };
        await Installation.Active.ReportAsync(default);
        await Installation.FlushAsync();

        var record = Collector.Records.ShouldHaveSingleItem();
        record.Count.ShouldBe(2);
        record.Attributes["kubernetes.minor"].ShouldBe(37L);
    }

    [Fact]
    public async Task Keeps_the_profile_of_a_pending_ACTIVE_across_a_restart()
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
    public async Task Only_ACTIVE_carries_the_cluster_profile()
    {
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.Active.ReportAsync(default);
        await Installation.FlushAsync();
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.FlushAsync();

        Collector.Records.Where(record => record.Attributes.ContainsKey("nodes")).ShouldHaveSingleItem().EventType.ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Keeps_the_profile_until_ACTIVE_is_counted()
    {
        Installation.Reporter.SetClusterProfile(RecordBuilder.BuildProfileAttributes(Installation.ProfileSource.Profile));
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.FlushAsync();
        Installation.Counter.Add(UsageCatalog.Active);
        await Installation.FlushAsync();

        Collector.Records.Single(record => record.EventType == "ACTIVE").Attributes["nodes"].ShouldBe("1000+");
    }
}
