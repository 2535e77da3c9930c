using System.Text.Json.Nodes;
using Wayleave.Cli.Telemetry;
using Wayleave.Cli.Tests.Support;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Otlp;

namespace Wayleave.Cli.Tests.Telemetry;

public sealed class SendingTests : TelemetryTest, IAsyncLifetime
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    private OtlpCollector _collector = null!;

    public async Task InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        Variables["WAYLEAVE_TELEMETRY_ENDPOINT"] = _collector.Endpoint.ToString();
        await ShowNoticeAsync();
    }

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task Sends_what_waits_at_most_once_a_day()
    {
        await CommandAsync();
        await CommandAsync();
        Time.Advance(_day - _tick);
        await CommandAsync();
        _collector.Requests.Count.ShouldBe(1);

        Time.Advance(_tick);
        await CommandAsync();
        await CommandAsync();

        _collector.Records.Select(record => record.Count).ShouldBe([1, 3]);
        (await WaitingAsync()).ShouldBe(["1 version client"]);
    }

    [Fact]
    public async Task A_record_is_the_one_that_show_prints_and_has_random_ids_of_the_state_file()
    {
        _collector.AnswerNext(OtlpAnswer.Status(503));
        await CommandAsync();
        var shown = JsonNode.Parse((await RunAsync("telemetry", "show")).Output)!;
        Time.Advance(_day);
        await CommandAsync();

        var record = _collector.Records.ShouldHaveSingleItem();
        record.Attributes.ToDictionary(entry => entry.Key, entry => entry.Value.ToString())
            .ShouldBe(
                shown["attributes"]!.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value?.ToString()), ignoreOrder: true);
        record.EventName.ShouldBe((string)shown["name"]!);
        record.Attributes["component.type"].ShouldBe("CLI");
        record.Attributes["component.instance.id"].ShouldBe((string)State["ledger"]!["instance-id"]!);
        record.Attributes["context.id"].ShouldBe((string)State["ledger"]!["context-id"]!);
        record.Resource["service.name"].ShouldBe("wayleave-cli");
        _collector.Requests[0].Headers["User-Agent"].ShouldBe("wayleave-cli");
    }

    [Fact]
    public async Task What_is_not_acknowledged_is_sent_again_the_next_day_with_the_same_ids_while_counts_add_up()
    {
        _collector.AnswerNext(OtlpAnswer.Status(503), OtlpAnswer.AcceptAndClose);
        await CommandAsync();
        (await RunAsync("telemetry", "status")).Output.ShouldContain("Last request: 2026-01-01 00:00:00Z, HTTP 503\n");
        Time.Advance(_day);
        await CommandAsync();
        Time.Advance(_day);
        await CommandAsync();
        Time.Advance(_day);
        await CommandAsync();

        _collector.Requests.Count.ShouldBe(4);
        _collector.Requests[1].Body.ShouldBe(_collector.Requests[0].Body);
        _collector.Requests[2].Body.ShouldBe(_collector.Requests[0].Body);
        Counted().ShouldBe(4);
        (await RunAsync("telemetry", "status")).Output.ShouldContain("Last request: 2026-01-04 00:00:00Z, acknowledged\n");
    }

    [Fact]
    public async Task A_collector_that_never_answers_delays_the_end_of_a_command_by_less_than_200_milliseconds()
    {
        CommandTelemetry.MaxWait.ShouldBeLessThan(TimeSpan.FromMilliseconds(200));
        _collector.Otherwise = OtlpAnswer.Hang;
        var command = RunAsync("version", "--client");
        await WaitForEndAsync();
        Time.Advance(CommandTelemetry.MaxWait - _tick);
        command.IsCompleted.ShouldBeFalse();

        Time.Advance(_tick);
        (await command).ShouldBe(new CliResult(ExitCodes.Success, $"Client: {CliVersion.Text}\n", ""));
        (await WaitingAsync()).ShouldBe(["1 version client"]);
        (await RunAsync("telemetry", "status")).Output.ShouldContain(", no response\n");
    }

    [Fact]
    public async Task The_next_day_sends_what_a_collector_without_an_answer_left_and_counts_it_once()
    {
        _collector.Otherwise = OtlpAnswer.Hang;
        var command = RunAsync("version", "--client");
        await WaitForEndAsync();
        Time.Advance(_day);
        await command;
        _collector.Otherwise = OtlpAnswer.Accept;
        await CommandAsync();
        Time.Advance(_day);
        await CommandAsync();

        _collector.Requests[1].Body.ShouldBe(_collector.Requests[0].Body);
        Counted().ShouldBe(3);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("intents", "get", "nothing")]
    [InlineData("intents", "can", "cart", "checkout")]
    public async Task Neither_the_exit_code_nor_the_output_depends_on_telemetry(params string[] arguments)
    {
        Apply(Shop.Everything);
        _collector.Otherwise = OtlpAnswer.Endless;
        var with = await RunAsync(arguments);
        Variables["DO_NOT_TRACK"] = "1";

        with.ShouldBe(await RunAsync(arguments));
        _collector.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("CI", "true")]
    [InlineData("DO_NOT_TRACK", "1")]
    [InlineData("WAYLEAVE_TELEMETRY_ENDPOINT", "")]
    public async Task Makes_no_connection_when_it_is_off_or_without_an_endpoint(string variable, string value)
    {
        Variables[variable] = value;
        await CommandAsync();
        Time.Advance(_day);
        await CommandAsync();

        _collector.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_makes_no_second_request_in_a_day_and_does_not_wait_for_years()
    {
        await CommandAsync();
        Time.SetWallClock(-TimeSpan.FromHours(5));
        await CommandAsync();
        _collector.Requests.Count.ShouldBe(1);

        Time.SetWallClock(-TimeSpan.FromDays(400));
        await CommandAsync();
        _collector.Requests.Count.ShouldBe(2);
    }

    private async Task CommandAsync() => (await RunAsync("version", "--client")).Error.ShouldBeEmpty();

    // Until the collector has the request, and the command is done and waits for telemetry.
    private Task WaitForEndAsync() => _collector.WaitForAsync(
        collector => collector.Requests.Count == 1 && Time.Waits.Contains(CommandTelemetry.MaxWait),
        Poll.Patience,
        "the end of the command");

    // As a receiver that drops records with an id that it has.
    private long Counted() => _collector.Records.DistinctBy(record => record.EventId).Sum(record => record.Count);
}
