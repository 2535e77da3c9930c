using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Sessions;

/// <summary>Counts while the collector is unavailable or rejects them.</summary>
public sealed class OutageTests : CollectorTest
{
    [Fact]
    public async Task A_retried_batch_keeps_its_event_ids()
    {
        Collector.AnswerNext(OtlpAnswer.Status(503), OtlpAnswer.CloseMidBody);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await FlushLaterAsync();
        await FlushLaterAsync();
        await FlushLaterAsync();

        Collector.Requests.Count.ShouldBe(3);
        Collector.Requests.Select(request => request.Records.ShouldHaveSingleItem().EventId).Distinct().ShouldHaveSingleItem();
        Collector.Requests[2].Body.ShouldBe(Collector.Requests[0].Body);
        Collector.Records.ShouldHaveSingleItem().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_batch_keeps_its_event_ids_across_a_restart()
    {
        Collector.Otherwise = OtlpAnswer.Status(503);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Installation.FlushAsync();
        Collector.Otherwise = OtlpAnswer.Accept;
        await using var restarted = Restart();
        restarted.Counter.Add(UsageCatalog.IntentsApplied, 4);
        await restarted.FlushAsync();

        Collector.Requests.Count.ShouldBe(3);
        Collector.Requests[1].Body.ShouldBe(Collector.Requests[0].Body);
        Collector.Records.Select(record => record.Count).ShouldBe([3, 4]);
        Collector.Records.Select(record => record.EventId).ShouldBeUnique();
        Collector.Records.Select(record => record.Attributes["component.instance.id"]).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Merges_counts_into_one_batch_during_an_outage()
    {
        Collector.Otherwise = OtlpAnswer.Status(503);
        for (var round = 0; round < 50; round++)
        {
            Installation.Counter.Add(UsageCatalog.IntentsApplied, 2);
            Installation.Counter.Add(UsageCatalog.IntentsDeleted);
            await FlushLaterAsync();
        }

        Collector.Otherwise = OtlpAnswer.Accept;
        await FlushLaterAsync();

        var accepted = Collector.Requests.Where(request => request.IsAccepted).ToList();
        accepted.Count.ShouldBe(2);
        accepted[0].Records.Select(record => (record.EventType, record.Count))
            .ShouldBe([("INTENTS_APPLIED", 2L), ("INTENTS_DELETED", 1L)]);
        accepted[1].Records.Select(record => (record.EventType, record.Count))
            .ShouldBe([("INTENTS_APPLIED", 98L), ("INTENTS_DELETED", 49L)]);
        Installation.Store.Read()!.Acknowledged!.Batch.Sequence.ShouldBe(2);
    }

    [Fact]
    public async Task The_last_flush_ignores_the_backoff()
    {
        Collector.AnswerNext(OtlpAnswer.Status(503, TimeSpan.FromMinutes(10)));
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.FlushAsync();
        await Installation.Reporter.FlushAsync(last: true, default);

        Collector.Records.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Counts_records_that_the_collector_rejects_and_does_not_resend_them()
    {
        Collector.AnswerNext(OtlpAnswer.PartialSuccess(1));
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await FlushLaterAsync();
        await FlushLaterAsync();

        Collector.Requests.ShouldHaveSingleItem();
        Installation.Statistics.RecordsRejected.ShouldBe(1);
    }

    [Fact]
    public async Task Statistics_report_failures_and_records_in_flight_pending_and_sent()
    {
        Collector.AnswerNext(OtlpAnswer.Status(500));
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        Installation.Counter.Add(UsageCatalog.IntentsDeleted, 2);
        await Installation.FlushAsync();
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 4);
        await Installation.FlushAsync();
        var during = Installation.Statistics;
        await FlushLaterAsync();
        await FlushLaterAsync();
        var after = Installation.Statistics;

        (during.SendFailures, during.RecordsInFlight, during.Pending, during.RecordsSent).ShouldBe((1, 2, 4, 0));
        during.LastAcknowledgedAt.ShouldBeNull();
        (after.SendFailures, after.RecordsInFlight, after.Pending, after.RecordsSent, after.BatchesAcknowledged).ShouldBe((1, 0, 0, 3, 2));
        after.LastAcknowledgedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_outage_is_logged_when_it_begins_and_when_it_ends()
    {
        Collector.AnswerNext(OtlpAnswer.Status(503), OtlpAnswer.Status(503), OtlpAnswer.Status(503));
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        for (var round = 0; round < 5; round++)
        {
            await FlushLaterAsync();
        }

        Installation.Log.All.Count(line => line.Event == "LogAway").ShouldBe(1);
        Installation.Log.All.Count(line => line.Event == "LogBack").ShouldBe(1);
    }

    [Fact]
    public async Task Honors_Retry_After_of_a_failed_request()
    {
        Collector.Otherwise = OtlpAnswer.Status(503, TimeSpan.FromMinutes(10));
        Installation.Counter.Add(UsageCatalog.IntentsApplied);
        await Installation.FlushAsync();
        Installation.Time.Advance(TimeSpan.FromMinutes(9));
        await Installation.FlushAsync();
        Collector.Requests.Count.ShouldBe(1);
        Installation.Time.Advance(TimeSpan.FromMinutes(1));
        await Installation.FlushAsync();

        Collector.Requests.Count.ShouldBe(2);
    }
}
