using Wayleave.Cli.Tests.Support;
using Wayleave.EventStore.Events;

namespace Wayleave.Cli.Tests.Commands;

/// <summary>What <c>events list</c> prints.</summary>
public sealed class EventsTests : EventsTest
{
    private const string Intents = "clientintents/shop/checkout";
    private const string Policy = "networkpolicy/shop/wayleave-checkout";

    [Theory]
    [InlineData("events-list")]
    [InlineData("events-list-wide", "-o", "wide")]
    [InlineData("events-list-json", "-o", "json", "--limit", "3")]
    [InlineData("events-list-yaml", "-o", "yaml", "--limit", "3")]
    [InlineData("events-list-no-headers", "--no-headers", "--limit", "2")]
    public async Task Prints_what_it_printed_before(string golden, params string[] options)
    {
        GivenStores(new FakeEventStore(EveryType()));
        var result = await ListAsync(options);

        result.ExitCode.ShouldBe(ExitCodes.Success, result.Error);
        ShouldBeGolden(result.Output, golden);
    }

    [Fact]
    public void The_golden_files_have_every_type() =>
        EveryType().Select(one => one.Type).Distinct().ShouldBe(EventCatalog.All.Select(type => type.Name), ignoreOrder: true);

    [Fact]
    public async Task Merges_the_events_of_all_Pods_and_shows_each_once()
    {
        GivenStores(new FakeEventStore(Simple(1, 4, 5)), new FakeEventStore(Simple(2, 4, 6)), new FakeEventStore());
        var result = await ListAsync();

        result.Error.ShouldBeEmpty();
        Minutes(result).ShouldBe([6, 5, 4, 2, 1]);
    }

    [Fact]
    public async Task Keeps_the_newest_events_up_to_the_limit_and_notes_that_there_are_more()
    {
        GivenStores(new FakeEventStore(Simple(1, 3, 5)), new FakeEventStore(Simple(2, 4)));
        var result = await ListAsync("--limit", "3");

        Minutes(result).ShouldBe([5, 4, 3]);
        result.Error.ShouldBe("Note: these are the newest 3 events. Use --limit, --until or other filters to see more.\n");
        (await ListAsync("--limit", "5")).Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reads_further_pages_until_the_limit()
    {
        var store = new FakeEventStore(Simple([.. Enumerable.Range(1, 9)])) { PageSize = 2 };
        GivenStores(store);

        Minutes(await ListAsync("--limit", "5")).ShouldBe([9, 8, 7, 6, 5]);
        store.Queries.Count.ShouldBe(3);
        Minutes(await ListAsync()).Count().ShouldBe(9);
    }

    [Fact]
    public async Task A_page_without_events_ends_the_pages()
    {
        var store = new FakeEventStore { Text = """{"items": [], "next": "1-a"}""" };
        GivenStores(store);

        (await ListAsync()).ExitCode.ShouldBe(ExitCodes.Success);
        store.Queries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_found_is_a_note_and_not_an_error()
    {
        GivenStores(new FakeEventStore());

        (await ListAsync()).ShouldBe(
            new CliResult(ExitCodes.Success, "", "No events found. Use an earlier --since or fewer filters to see others.\n"));
        (await ListAsync("-o", "json")).ShouldBe(new CliResult(ExitCodes.Success, "[]\n", ""));
    }

    [Fact]
    public async Task Asks_the_running_Pods_with_a_token_of_the_readers_ServiceAccount()
    {
        GivenStores(new FakeEventStore(Simple(1)));
        GivenPod("wayleave-operator-old", phase: "Succeeded");
        var result = await ListAsync();

        result.Error.ShouldBeEmpty();
        Minutes(result).ShouldBe([1]);
        Connection.TokenRequests.ShouldBe(["wayleave-system/wayleave-operator-events-reader for wayleave-events, 600 s"]);
    }

    [Fact]
    public async Task Completes_the_types_of_events() =>
        (await RunAsync("__complete", "events", "list", "--type", "policy_re")).Output.ShouldBe(
            "policy_rejected\tThe API server rejected the write of a NetworkPolicy\n"
                + "policy_restored\tSomeone else had changed or deleted a NetworkPolicy, and the operator wrote it again\n:4\n");

    private static OperatorEvent[] EveryType() =>
    [
        Event(1, new ProcessStarted("0.2.0", "Enforce", IsTelemetryEnabled: true)) with { Run = null },
        Event(2, new CachesSynced(1.25)) with { Run = null },
        Event(3, new LeadershipGained()) with { Run = null },
        Event(4, new PolicyCreated("shop", "wayleave-checkout", null, ["+ ingress 8080", "+ egress 53/UDP"], 0), Policy, Intents),
        Event(5, new PolicyUpdated("shop", "wayleave-checkout", "west", ["+ ingress 8443", "- ingress 8080"], 7), Policy, Intents, "cluster/west"),
        Event(6, new PolicyDeleted("shop", "wayleave-checkout", null, ["- ingress 8443"], 0), Policy) with { ParentRun = new string('b', 32) },
        Event(7, new PolicyRestored("shop", "wayleave-checkout", null, ["+ ingress 8080"], 0, WasDeleted: true), Policy) with
        {
            Provenance = EventProvenance.Inferred,
        },
        Event(8, new PolicyRejected("shop", "wayleave-checkout", null, 422), Policy),
        Event(9, new ConditionChanged("Ready", "True", "Enforced", "All targets are enforced.", null, null), Intents),
        Event(10, new ConditionChanged("Ready", "False", "PolicyNameConflict", "It exists.", "True", "Enforced"), Intents),
        Event(11, new StatusWritten(4, "False", "PolicyNameConflict"), Intents),
        Event(12, new StatusWritten(2, null, null), "cluster/west"),
        Event(13, new DomainResolved("api.example", ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"], 3, null), Intents),
        Event(14, new ReconcileFailed("clientintents", 3, "409", "west"), Intents),
        Event(15, new WatchRelisted("pods", "410", null)) with { Run = null },
        Event(16, new TelemetrySent(12, "HTTP 503")) with { Run = null },
        Event(17, new LeadershipLost("stopping")) with { Run = null },
        Event(18, new ProcessStopped()) with { Run = null },
    ];
}
