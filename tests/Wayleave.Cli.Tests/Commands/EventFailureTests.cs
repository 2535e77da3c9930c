using Wayleave.Cli.Output;
using Wayleave.Cli.Tests.Support;
using Wayleave.EventStore.Events;
using Wayleave.Testing.Time;

namespace Wayleave.Cli.Tests.Commands;

/// <summary><c>events list</c> without an event store, without rights, and with Pods that do not answer or answer anything.</summary>
public sealed class EventFailureTests : EventsTest
{
    private const string Whole =
        """
        {"id": "evt_1", "type": "policy_created", "time": "2026-01-01T04:30:00Z", "session": "s", "subjects": ["a/b"], "component": "c",
         "provenance": "direct", "payload": {"namespace": "shop"}}
        """;

    private ManualTimeProvider? _time;

    internal override CliEnvironment Configure(CliEnvironment environment) =>
        _time is null ? environment : environment with { Time = _time };

    [Fact]
    public async Task An_event_store_that_is_off_is_an_error_that_says_how_to_turn_it_on()
    {
        GivenOperator();

        (await ListAsync()).ShouldBe(new CliResult(
            ExitCodes.Failure, "",
            "error: the event store of the operator in namespace wayleave-system is off; set operator.eventStore.enabled=true in the chart\n"));
    }

    [Theory]
    [InlineData("--event-store-dir=/var/lib/wayleave")]
    [InlineData("--event-store-dir=/var/lib/wayleave", "--event-port=0")]
    public async Task An_event_store_without_a_port_is_an_error_that_says_how_to_get_one(params string[] options)
    {
        GivenOperator(options);
        var result = await ListAsync();

        result.ExitCode.ShouldBe(ExitCodes.Failure);
        result.Error.ShouldBe(
            "error: the event store of the operator in namespace wayleave-system has no fixed port (--event-port);"
                + " set operator.eventStore.query.enabled=true in the chart\n");
    }

    [Fact]
    public async Task No_operator_and_no_running_Pod_are_errors()
    {
        Apply(Shop.Namespace("wayleave-system"));
        (await ListAsync()).ShouldBe(new CliResult(
            ExitCodes.Failure, "", "error: no Deployment of the operator was found; use --operator-namespace to name its namespace\n"));

        GivenOperator(StoreIsOn, HasPort);
        GivenPod("wayleave-operator-0", phase: "Pending");
        (await ListAsync()).Error.ShouldStartWith("error: no Pod of the operator is running in namespace wayleave-system");
    }

    [Fact]
    public async Task A_missing_ServiceAccount_is_an_error_that_says_what_creates_it()
    {
        GivenStores(new FakeEventStore());
        Connection.MissingAccounts.Add("wayleave-operator-events-reader");

        (await ListAsync()).ShouldBe(new CliResult(
            ExitCodes.Failure, "",
            "error: serviceaccount/wayleave-operator-events-reader not found in namespace wayleave-system;"
                + " set operator.eventStore.query.enabled=true in the chart, which creates it\n"));
    }

    [Theory]
    [InlineData("deployments", "cannot list resource \"deployments\" in API group \"apps\"")]
    [InlineData("pods", "cannot list resource \"pods\" in API group \"\" in the namespace \"wayleave-system\"")]
    [InlineData("serviceaccounts/token", "cannot create resource \"serviceaccounts/token\" in API group \"\" in the namespace \"wayleave-system\"")]
    [InlineData("pods/proxy", "cannot get resource \"pods/proxy\" in API group \"\" in the namespace \"wayleave-system\"")]
    public async Task A_missing_right_names_the_verb_and_the_resource(string resource, string message)
    {
        GivenStores(new FakeEventStore(Simple(1)));
        Connection.Forbidden.Add(resource);
        var result = await ListAsync();

        result.ExitCode.ShouldBe(ExitCodes.Failure);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldStartWith("Error from server (Forbidden): ");
        result.Error.ShouldContain(message);
    }

    [Fact]
    public async Task A_Pod_that_fails_is_a_note_and_the_events_of_the_others_are_shown()
    {
        GivenStores(
            new FakeEventStore { Refusal = (503, "the store is starting; try again in a few seconds\nmore") },
            new FakeEventStore(Simple(3)));
        GivenPod("wayleave-operator-2");
        var result = await ListAsync();

        result.ExitCode.ShouldBe(ExitCodes.Success);
        Minutes(result).ShouldBe([3]);
        result.Error.ShouldBe(
            "Note: the events of pod/wayleave-operator-0 are not shown: the store is starting; try again in a few seconds\n"
                + "Note: the events of pod/wayleave-operator-2 are not shown: error trying to reach service: connection refused\n");
    }

    [Fact]
    public async Task If_no_Pod_answers_the_command_fails_with_the_reasons()
    {
        GivenStores(new FakeEventStore { Refusal = (403, "the user may not get /v1/events") }, new FakeEventStore { Refusal = (401, "") });

        (await ListAsync()).ShouldBe(new CliResult(
            ExitCodes.Failure, "",
            "error: no Pod of the operator responded: pod/wayleave-operator-0: the user may not get /v1/events;"
                + " pod/wayleave-operator-1: 401 Unauthorized: reason phrase\n"));
    }

    [Fact]
    public async Task A_Pod_that_does_not_answer_is_given_up_after_30_seconds()
    {
        _time = new ManualTimeProvider();
        GivenStores(new FakeEventStore { Hangs = true }, new FakeEventStore(Simple(3)));
        var running = ListAsync();

        // The fakes answer at once, so the command now waits for the Pod that hangs.
        _time.Waits.ShouldBe([TimeSpan.FromSeconds(30)]);
        _time.Advance(TimeSpan.FromSeconds(30));

        var result = await running;
        result.ExitCode.ShouldBe(ExitCodes.Success);
        Minutes(result).ShouldBe([3]);
        result.Error.ShouldBe("Note: the events of pod/wayleave-operator-0 are not shown: no response within 30 seconds\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"items": null}""")]
    [InlineData("""{"items": [null]}""")]
    [InlineData("""{"items": [{"id": "evt_1"}]}""")]
    [InlineData("""{"items": [EVENT]}""", "\"evt_1\"", "null")]
    [InlineData("""{"items": [EVENT]}""", "\"evt_1\"", "7")]
    [InlineData("""{"items": [EVENT]}""", "\"a/b\"", "null")]
    [InlineData("""{"items": [EVENT]}""", "\"direct\"", "\"guessed\"")]
    [InlineData("""{"items": [EVENT]}""", "\"2026-01-01T04:30:00Z\"", "\"noon\"")]
    [InlineData("""{"items": [EVENT]}""", "{\"namespace\": \"shop\"}", "[]")]
    [InlineData("""{"items": [EVENT]}""", "\"namespace\": \"shop\"", "\"a\": 1, \"a\": 2")]
    [InlineData("""{"items": [EVENT]}""", "\"shop\"", "\"\\ud800\"")]
    [InlineData("""{"items": [EVENT]}""", "\"namespace\"", "\"\\udfff\"")]
    [InlineData("""{"items": [EVENT]}""", "\"s\"", "\"\\ud800\"")]
    public async Task An_answer_that_is_no_page_of_events_is_a_failure_of_the_Pod(string answer, string part = "EVENT", string other = "EVENT")
    {
        var text = answer.Replace("EVENT", Whole, StringComparison.Ordinal).Replace(part, other, StringComparison.Ordinal);
        GivenStores(new FakeEventStore { Text = text });
        var result = await ListAsync("-o", "yaml");

        result.ExitCode.ShouldBe(ExitCodes.Failure, result.Output);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldStartWith("error: no Pod of the operator responded: pod/wayleave-operator-0: its response is not a page of events: ");
        result.Error.Count(letter => letter == '\n').ShouldBe(1);
    }

    [Theory]
    [InlineData("direct", "direct")]
    [InlineData("\"policy_created\"", "\"a_new_type\"")]
    [InlineData("{\"namespace\": \"shop\"}", "{\"namespace\": 7}")]
    [InlineData("{\"namespace\": \"shop\"}", "{\"changes\": [null]}")]
    [InlineData("{\"namespace\": \"shop\"}", "{}")]
    [InlineData("[\"a/b\"]", "[]")]
    public async Task An_event_of_a_newer_operator_is_shown(string part, string other)
    {
        GivenStores(new FakeEventStore { Text = $$"""{"items": [{{Whole.Replace(part, other, StringComparison.Ordinal)}}], "new": true}""" });

        foreach (var format in new[] { "table", "wide", "json", "yaml" })
        {
            var result = await ListAsync("-o", format);
            result.ExitCode.ShouldBe(ExitCodes.Success, result.Error);
            result.Output.ShouldContain("2026-01-01T04:30:00");
        }
    }

    [Fact]
    public async Task A_huge_answer_is_not_read_to_its_end()
    {
        GivenStores(new FakeEventStore { Text = new string(' ', (16 * 1024 * 1024) + 1) });
        var result = await ListAsync();

        result.ExitCode.ShouldBe(ExitCodes.Failure);
        result.Error.ShouldEndWith("its response has more than 16777216 bytes; use a lower --limit\n");
    }

    [Fact]
    public async Task Control_characters_of_a_Pod_do_not_reach_the_terminal()
    {
        const string Hostile = "a\e[2J\nb\u202ec\u2028d";
        var evil = Event(1, new ReconcileFailed(Hostile, 1, Hostile, Hostile), Hostile, Hostile) with
        {
            Id = Hostile,
            Type = Hostile,
            Run = Hostile,
            ParentRun = Hostile,
            Session = Hostile,
            Component = Hostile,
        };
        GivenStores(new FakeEventStore(evil, Event(2, new LeadershipLost(Hostile))), new FakeEventStore { Refusal = (400, Hostile) });

        foreach (var format in new[] { "table", "wide", "json", "yaml" })
        {
            var result = await ListAsync("-o", format);
            result.ExitCode.ShouldBe(ExitCodes.Success, result.Error);
            (result.Output + result.Error).Where(TerminalText.IsUnsafe).Distinct().ShouldBe(['\n']);
        }
    }
}
