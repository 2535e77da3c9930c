namespace Wayleave.Cli.Tests.Telemetry;

public sealed class NoticeTests : TelemetryTest
{
    [Fact]
    public async Task The_first_command_shows_the_notice_once_and_counts_nothing()
    {
        var first = await RunAsync("version", "--client");

        first.Output.ShouldBe($"Client: {CliVersion.Text}\n");
        ShouldBeGolden(first.Error, "telemetry-notice");
        (await WaitingAsync()).ShouldBeEmpty();
        (await RunAsync("version", "--client")).Error.ShouldBeEmpty();
        (await WaitingAsync()).ShouldBe(["1 version client"]);
    }

    [Fact]
    public async Task The_notice_names_the_endpoint_without_its_secrets()
    {
        Variables["WAYLEAVE_TELEMETRY_ENDPOINT"] = "https://collector.example/path?key=secret";

        (await RunAsync("version", "--client")).Error.ShouldContain("sent to https://collector.example, at most once a day");
    }

    [Theory]
    [InlineData("CI", "true")]
    [InlineData("CI", "woodpecker")]
    [InlineData("DO_NOT_TRACK", "1")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED", "false")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED", "perhaps")]
    [InlineData("WAYLEAVE_TELEMETRY_USAGE_ENABLED", "false")]
    public async Task A_switch_that_is_off_or_cannot_be_read_prints_reads_and_writes_nothing(string variable, string value)
    {
        Variables[variable] = value;

        (await RunAsync("version", "--client")).Error.ShouldBeEmpty();
        (await RunAsync("version", "--client")).Error.ShouldBeEmpty();

        System.IO.Directory.Exists(Directory).ShouldBeFalse();
        (await RunAsync("telemetry", "status")).Output.ShouldStartWith($"Telemetry:    off ({variable})\n");
    }

    [Fact]
    public async Task The_flag_turns_telemetry_off_for_one_run()
    {
        (await RunAsync("version", "--client", "--telemetry-enabled=false")).Error.ShouldBeEmpty();
        System.IO.Directory.Exists(Directory).ShouldBeFalse();

        Variables["WAYLEAVE_TELEMETRY_ENABLED"] = "false";
        (await RunAsync("version", "--client", "--telemetry-enabled=true")).Error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_shown_counted_or_sent()
    {
        IsErrorTerminal = false;
        (await RunAsync("version", "--client")).Error.ShouldBeEmpty();
        System.IO.Directory.Exists(Directory).ShouldBeFalse();

        IsErrorTerminal = true;
        await ShowNoticeAsync();
        IsErrorTerminal = false;
        await RunAsync("version", "--client");
        (await WaitingAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CI", "false")]
    [InlineData("CI", "0")]
    [InlineData("CI", "")]
    [InlineData("DO_NOT_TRACK", "0")]
    public async Task A_switch_that_says_no_leaves_telemetry_on(string variable, string value)
    {
        Variables[variable] = value;

        await ShowNoticeAsync();
    }

    [Theory]
    [InlineData("telemetry", "status")]
    [InlineData("telemetry", "show")]
    [InlineData("completion", "bash")]
    [InlineData("__complete", "intents", "")]
    [InlineData("intents")]
    [InlineData("intents", "list", "--help")]
    [InlineData("--version")]
    [InlineData("intents", "list", "--unknown")]
    public async Task What_is_not_counted_touches_nothing(params string[] arguments)
    {
        await RunAsync(arguments);
        System.IO.Directory.Exists(Directory).ShouldBeFalse();

        await ShowNoticeAsync();
        var before = await File.ReadAllBytesAsync(StateFile);
        await RunAsync(arguments);
        (await File.ReadAllBytesAsync(StateFile)).ShouldBe(before);
    }
}
