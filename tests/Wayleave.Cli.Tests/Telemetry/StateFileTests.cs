using Wayleave.Cli.Telemetry;
using Wayleave.Cli.Tests.Support;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Cli.Tests.Telemetry;

public sealed class StateFileTests : TelemetryTest
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"format": "2"}""")]
    [InlineData("""{"format": "1", "off": "perhaps"}""")]
    [InlineData("""{"format": "1", "noticeShownAt": "yesterday"}""")]
    public async Task A_damaged_file_turns_telemetry_off_until_it_is_turned_on(string text)
    {
        await ShowNoticeAsync();
        await File.WriteAllTextAsync(StateFile, text);

        (await RunAsync("version", "--client")).ShouldBe(new CliResult(ExitCodes.Success, $"Client: {CliVersion.Text}\n", ""));
        (await File.ReadAllTextAsync(StateFile)).ShouldBe(text);
        (await RunAsync("telemetry", "status")).Output.ShouldStartWith("Telemetry:    off (the state file cannot be read");
        (await RunAsync("telemetry", "on")).Output.ShouldBe("Telemetry is on.\n");
        await ShowNoticeAsync();
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_not_read()
    {
        await ShowNoticeAsync();
        await File.WriteAllTextAsync(StateFile, $"{State.ToJsonString()}{new string(' ', 300_000)}");

        (await RunAsync("telemetry", "status")).Output.ShouldContain("larger than");
    }

    [Theory]
    [InlineData("pending", "7")]
    [InlineData("pending", """{"counts": [{"type": "CLI_COMMAND", "count": 1, "noun": "checkout"}]}""")]
    [InlineData("in-flight", "\"checkout\"")]
    [InlineData("instance-id", "7")]
    [InlineData("context-id", "\"prod-eu\"")]
    [InlineData("sequence", "\"one\"")]
    public async Task A_damaged_part_of_the_ledger_starts_empty(string key, string json)
    {
        await ShowNoticeAsync();
        await RunAsync("version", "--client");
        var state = State;
        state["ledger"]![key] = System.Text.Json.Nodes.JsonNode.Parse(json);
        await File.WriteAllTextAsync(StateFile, state.ToJsonString());

        (await RunAsync("version", "--client")).Error.ShouldBeEmpty();
        (await WaitingAsync()).ShouldBe([key == "pending" ? "1 version client" : "2 version client"]);
        (await File.ReadAllTextAsync(StateFile)).ShouldNotContain("checkout");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_changes_nothing_and_shows_no_notice()
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Directory))!, "file");
        await File.WriteAllTextAsync(file, "");
        Directory = Path.Combine(file, "wayleave");

        (await RunAsync("version", "--client")).ShouldBe(new CliResult(ExitCodes.Success, $"Client: {CliVersion.Text}\n", ""));
        var off = await RunAsync("telemetry", "off");
        off.ExitCode.ShouldBe(ExitCodes.Failure);
        off.Error.ShouldContain("set WAYLEAVE_TELEMETRY_ENABLED=false");
    }

    [Fact]
    public async Task A_file_that_cannot_be_replaced_changes_nothing_and_shows_no_notice()
    {
        System.IO.Directory.CreateDirectory(StateFile + ".tmp"); // Stands for a folder without the right to write, which root has anyway.

        (await RunAsync("version", "--client")).ShouldBe(new CliResult(ExitCodes.Success, $"Client: {CliVersion.Text}\n", ""));
        File.Exists(StateFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Off_deletes_the_counts_and_the_ids_and_on_takes_it_back()
    {
        await ShowNoticeAsync();
        await RunAsync("version", "--client");
        var id = (string)State["ledger"]!["instance-id"]!;

        (await RunAsync("telemetry", "off")).Output.ShouldBe("Telemetry is off.\n");
        (await File.ReadAllTextAsync(StateFile)).ShouldNotContain("id");
        await RunAsync("version", "--client");
        (await WaitingAsync()).ShouldBeEmpty();
        (await RunAsync("telemetry", "status")).Output.ShouldStartWith("Telemetry:    off (wayleave telemetry off)\n");

        (await RunAsync("telemetry", "on")).Output.ShouldBe("Telemetry is on.\n");
        (await RunAsync("version", "--client")).Error.ShouldBeEmpty();
        (await WaitingAsync()).ShouldBe(["1 version client"]);
        ((string)State["ledger"]!["instance-id"]!).ShouldNotBe(id);
    }

    [Fact]
    public async Task A_switch_of_the_environment_wins_when_it_says_off()
    {
        Variables["DO_NOT_TRACK"] = "1";

        (await RunAsync("telemetry", "on")).Output.ShouldBe("Telemetry is on, but off in this run (DO_NOT_TRACK).\n");
        (await RunAsync("telemetry", "status")).Output.ShouldStartWith("Telemetry:    off (DO_NOT_TRACK)\n");
    }

    [Fact]
    public async Task The_choice_off_wins_over_a_switch_that_says_on()
    {
        await RunAsync("telemetry", "off");
        Variables["WAYLEAVE_TELEMETRY_ENABLED"] = "true";

        (await RunAsync("version", "--client")).Error.ShouldBeEmpty();
        (await RunAsync("telemetry", "status")).Output.ShouldStartWith("Telemetry:    off (wayleave telemetry off)\n");
    }

    [Fact]
    public async Task Processes_at_once_lose_no_count_and_count_none_twice()
    {
        await ShowNoticeAsync();
        const int Shells = 4;
        const int CommandsOfEach = 25;
        var command = CountedCommand.CreateOrNull("version", null, [])!;

        // As each process would: a file object, and so an open file, of its own.
        await Task.WhenAll(Enumerable.Range(0, Shells).Select(_ => Task.Run(async () =>
        {
            for (var count = 0; count < CommandsOfEach; count++)
            {
                var counter = new CommandCounter(
                    new PatientFile(new TelemetryStateFile(Directory, TimeProvider.System)),
                    new TelemetrySwitch(TelemetrySettings.Default, null),
                    () => throw new InvalidOperationException("There is no endpoint."),
                    TimeProvider.System,
                    TextWriter.Null);
                await counter.RunAsync(command, Task.FromResult<UsageAmount?>(null), CancellationToken.None);
            }
        })));

        (await WaitingAsync()).ShouldBe([$"{Shells * CommandsOfEach} version"]);
    }

    [Fact]
    public async Task A_lock_that_another_process_keeps_drops_the_count_and_nothing_else()
    {
        await ShowNoticeAsync();
        var before = await File.ReadAllBytesAsync(StateFile);
        using (await new TelemetryStateFile(Directory, TimeProvider.System).TryLockAsync(CancellationToken.None))
        {
            var waiting = RunAsync("version", "--client");
            await AdvanceUntilDoneAsync(waiting);
            (await waiting).ShouldBe(new CliResult(ExitCodes.Success, $"Client: {CliVersion.Text}\n", ""));
        }

        (await File.ReadAllBytesAsync(StateFile)).ShouldBe(before);
    }

    [Theory]
    [InlineData("/state", "/home/jane", "/state/wayleave")]
    [InlineData("state", "/home/jane", "/home/jane/.local/state/wayleave")]
    [InlineData("", "/home/jane", "/home/jane/.local/state/wayleave")]
    [InlineData("", "", null)]
    public void The_folder_follows_the_XDG_Base_Directory_Specification(string state, string home, string? directory) =>
        TelemetryStateFile.FindDirectory(new Dictionary<string, string> { ["XDG_STATE_HOME"] = state, ["HOME"] = home })
            .ShouldBe(directory);

    private async Task AdvanceUntilDoneAsync(Task waiting)
    {
        while (!waiting.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
    }

    // Waits for the lock as long as it takes, so that a slow machine drops no count.
    private sealed class PatientFile(ITelemetryStateFile file) : ITelemetryStateFile
    {
        public async Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                if (await file.TryLockAsync(cancellationToken) is { } held)
                {
                    return held;
                }
            }
        }

        public TelemetryState? Read() => file.Read();

        public void Write(TelemetryState state, bool isDurable = false) => file.Write(state, isDurable);
    }
}
