using Microsoft.Extensions.DependencyInjection;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Sessions;

public sealed class TelemetrySessionTests : CollectorTest
{
    private TelemetrySession Session => Installation.Session;

    [Fact]
    public async Task The_start_is_counted_and_sent_at_the_first_turn()
    {
        await Session.StartAsync(default);
        Collector.Connections.ShouldBe(0);
        await PassAsync(Installation, collector => collector.Records.Count == 1, "STARTED");

        Collector.Records[0].EventType.ShouldBe("STARTED");
    }

    [Fact]
    public async Task Each_turn_sends_what_was_counted_since()
    {
        await Session.StartAsync(default);
        await PassAsync(Installation, collector => collector.Requests.Count == 1, "the first turn");
        for (var round = 2; round < 5; round++)
        {
            Installation.Counter.Add(UsageCatalog.IntentsApplied, round);
            await PassAsync(Installation, collector => collector.Requests.Count == round, "another turn");
        }

        Collector.Records.Skip(1).Select(record => record.Count).ShouldBe([2, 3, 4]);
    }

    [Fact]
    public async Task Active_is_counted_at_the_turns_of_its_interval()
    {
        var interval = TimeSpan.FromSeconds(20);
        await using var installation = new Installation(Settings with { ActiveInterval = interval });
        var start = installation.Time.GetUtcNow();
        await installation.Session.StartAsync(default);
        await PassAsync(installation, collector => Actives(collector) >= 3, "ACTIVE, three times");
        await installation.Session.StopAsync(default);

        var passed = installation.Time.GetUtcNow() - start;
        passed.ShouldBeGreaterThan(2 * interval);
        Actives(Collector).ShouldBeLessThanOrEqualTo((int)(passed / interval) + 1);
        installation.Shapes.Reads.ShouldBe((int)Actives(Collector));
    }

    [Fact]
    public async Task With_usage_off_neither_start_nor_active_is_sent_and_the_cluster_is_not_looked_at()
    {
        await using var installation = new Installation(Settings with { Usage = false, ActiveInterval = TimeSpan.FromSeconds(1) });
        await installation.Session.StartAsync(default);
        installation.Counter.Add(UsageCatalog.IntentsApplied);
        installation.Counter.CountError(ErrorComponent.Kubernetes, typeof(IOException));
        await PassAsync(installation, collector => collector.Records.Count > 0, "ERRORS");
        await installation.Session.StopAsync(default);

        Collector.Records.ShouldHaveSingleItem().EventType.ShouldBe("ERRORS");
        installation.Shapes.Reads.ShouldBe(0);
    }

    [Fact]
    public async Task Stopping_flushes_a_last_time()
    {
        await Session.StartAsync(default);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Session.StopAsync(default);

        Collector.Records.Select(record => record.EventType).ShouldBe(["STARTED", "INTENTS_APPLIED"]);
    }

    [Fact]
    public async Task Stopping_waits_for_the_flush_that_is_under_way_instead_of_sending_it_twice()
    {
        var answer = new TaskCompletionSource();
        Collector.AnswerNext(OtlpAnswer.AcceptAfter(answer.Task));
        await Session.StartAsync(default);
        await PassAsync(Installation, collector => collector.Requests.Count == 1, "the first turn");
        var stopping = Session.StopAsync(default);
        stopping.IsCompleted.ShouldBeFalse();
        answer.SetResult();
        await stopping.WaitAsync(Sample.Deadline);

        Collector.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task After_a_stop_no_turn_comes()
    {
        await Session.StartAsync(default);
        await Session.StopAsync(default);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        Installation.Time.Advance(TimeSpan.FromHours(1));
        await Session.FlushAsync(default);

        Collector.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Starting_twice_and_stopping_what_is_not_started_do_nothing()
    {
        await Session.StopAsync(default);
        await Session.StartAsync(default);
        await Session.StartAsync(default);
        await Session.StopAsync(default);
        await Session.StopAsync(default);

        Collector.Records.ShouldHaveSingleItem().EventType.ShouldBe("STARTED");
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_started_is_tried_again()
    {
        var scheduler = new UnreliableScheduler(Settings, failures: 2);
        await using var installation = Install(scheduler);
        await installation.Session.StartAsync(default);
        installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await PassAsync(
            installation, collector => collector.Records.Any(record => record.EventType == "INTENTS_APPLIED"), "the third schedule");
        await installation.Session.StopAsync(default);

        scheduler.Starts.ShouldBe(3);
        Collector.Records.Where(record => record.EventType == "STARTED").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Stopping_ends_the_attempts_to_start_a_schedule()
    {
        var scheduler = new UnreliableScheduler(Settings, failures: int.MaxValue);
        await using var installation = Install(scheduler);
        await installation.Session.StartAsync(default);
        await installation.Session.StopAsync(default).WaitAsync(Sample.Deadline);
        var starts = scheduler.Starts;
        installation.Time.Advance(TimeSpan.FromHours(1));

        scheduler.Starts.ShouldBe(starts);
        Collector.Records.Select(record => record.EventType).ShouldBe(["STARTED", "ERRORS"]);
    }

    private Installation Install(UnreliableScheduler scheduler) =>
        new(Settings, time: scheduler.Time, configure: services => services.AddSingleton<ITelemetryScheduler>(scheduler));

    private static long Actives(OtlpCollector collector) =>
        collector.Records.Where(record => record.EventType == "ACTIVE").Sum(record => record.Count);
}
