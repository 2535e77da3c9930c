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
    public async Task Sends_STARTED_at_the_first_scheduled_flush()
    {
        await Session.StartAsync(default);
        Collector.Connections.ShouldBe(0);
        await PassAsync(Installation, collector => collector.Records.Count == 1, "STARTED");

        Collector.Records[0].EventType.ShouldBe("STARTED");
    }

    [Fact]
    public async Task Each_scheduled_flush_sends_the_counts_since_the_last_one()
    {
        await Session.StartAsync(default);
        await PassAsync(Installation, collector => collector.Requests.Count == 1, "the first flush");
        for (var round = 2; round < 5; round++)
        {
            Installation.Counter.Add(UsageCatalog.IntentsApplied, round);
            await PassAsync(Installation, collector => collector.Requests.Count == round, "another flush");
        }

        Collector.Records.Skip(1).Select(record => record.Count).ShouldBe([2, 3, 4]);
    }

    [Fact]
    public async Task Counts_ACTIVE_once_per_interval()
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
        installation.ProfileSource.Reads.ShouldBe((int)Actives(Collector));
    }

    [Fact]
    public async Task Sends_only_errors_and_reads_no_profile_when_usage_is_disabled()
    {
        await using var installation = new Installation(Settings with { Usage = false, ActiveInterval = TimeSpan.FromSeconds(1) });
        await installation.Session.StartAsync(default);
        installation.Counter.Add(UsageCatalog.IntentsApplied);
        installation.Counter.CountError(ErrorComponent.Kubernetes, typeof(IOException));
        await PassAsync(installation, collector => collector.Records.Count > 0, "ERRORS");
        await installation.Session.StopAsync(default);

        Collector.Records.ShouldHaveSingleItem().EventType.ShouldBe("ERRORS");
        installation.ProfileSource.Reads.ShouldBe(0);
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
    public async Task Stopping_waits_for_a_running_flush_and_does_not_send_it_twice()
    {
        var answer = new TaskCompletionSource();
        Collector.AnswerNext(OtlpAnswer.AcceptAfter(answer.Task));
        await Session.StartAsync(default);
        await PassAsync(Installation, collector => collector.Requests.Count == 1, "the first flush");
        var stopping = Session.StopAsync(default);
        stopping.IsCompleted.ShouldBeFalse();
        answer.SetResult();
        await stopping.WaitAsync(Sample.Deadline);

        Collector.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Sends_nothing_after_a_stop()
    {
        await Session.StartAsync(default);
        await Session.StopAsync(default);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        Installation.Time.Advance(TimeSpan.FromHours(1));
        await Session.FlushAsync(default);

        Collector.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Ignores_a_second_start_and_a_stop_when_not_started()
    {
        await Session.StopAsync(default);
        await Session.StartAsync(default);
        await Session.StartAsync(default);
        await Session.StopAsync(default);
        await Session.StopAsync(default);

        Collector.Records.ShouldHaveSingleItem().EventType.ShouldBe("STARTED");
    }

    [Fact]
    public async Task Retries_a_schedule_that_failed_to_start()
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
