using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;
using Wayleave.Cli.Commands;
using Wayleave.Cli.Telemetry;
using Wayleave.Cli.Tests.Support;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Cli.Tests.Telemetry;

public sealed partial class CountingTests : TelemetryTest
{
    private static readonly string[] _uncounted = ["telemetry", "completion"];

    [Fact]
    public void The_catalog_has_exactly_the_commands_and_options_of_the_command_tree()
    {
        var root = CliCommand.Create(
            new CliEnvironment { Output = TextWriter.Null, Error = TextWriter.Null, Connect = (_, _) => Connection });
        List<Command> counted = [.. Leaves(root).Where(command => !_uncounted.Any(group => Path(command)[0] == group))];

        counted.ShouldAllBe(command => Path(command).Count <= 2);
        counted.Select(command => (Path(command)[0], Path(command).ElementAtOrDefault(1))).Order()
            .ShouldBe(CountedCommandCatalog.Commands);
        counted.Append(root).SelectMany(command => command.Options)
            .Where(option => option is not HelpOption and not VersionOption && option.Name != $"--{TelemetrySwitch.Flag}")
            .Select(option => option.Name[2..]).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(CountedCommandCatalog.Modifiers);
    }

    [Fact]
    public async Task Counts_commands_by_noun_verb_and_names_of_the_options_that_were_given()
    {
        Apply(Shop.Everything);
        await ShowNoticeAsync();
        await RunAsync("intents", "list");
        await RunAsync("intents", "list", "-o", "json", "-A");
        await RunAsync("-n", "shop", "intents", "list", "--output=wide", "--all-namespaces");
        await RunAsync("--all-namespaces", "intents", "list"); // Not an option of every command: bad usage.
        await RunAsync("intents", "explain", "nothing-of-this-name");
        await RunAsync("version", "--client");
        await RunAsync("version", "--client");

        (await WaitingAsync()).ShouldBe(
        [
            "1 intents explain", "1 intents list", "1 intents list all-namespaces,namespace,output",
            "1 intents list all-namespaces,output", "2 version client",
        ]);
    }

    [Fact]
    public async Task The_state_is_readable_by_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Folders there inherit the rights of the person's profile.
        }

        await ShowNoticeAsync();

        File.GetUnixFileMode(StateFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Shows_its_state_and_what_waits()
    {
        await ShowNoticeAsync();
        await RunAsync("version", "--client");

        await ShouldBeGoldenAsync("telemetry-status", "telemetry", "status");
        await ShouldBeGoldenAsync("telemetry-status-json", "telemetry", "status", "-o", "json");
        await ShouldBeGoldenAsync("telemetry-show-yaml", "telemetry", "show", "-o", "yaml");
    }

    [Fact]
    public async Task The_state_stays_small_whatever_is_run()
    {
        await ShowNoticeAsync();
        string[] options = ["--kubeconfig=x", "--context=x", "--namespace=x", "-A", "-l=x", "--no-headers", "-o=json"];
        for (var set = 0; set < 1 << options.Length; set++)
        {
            await RunAsync(["intents", "list", .. options.Where((_, bit) => (set & (1 << bit)) != 0)]);
        }

        (await WaitingAsync()).Count.ShouldBe(UsageCountMap.MaximumCommands);
        new FileInfo(StateFile).Length.ShouldBeLessThan(16 * 1024);
    }

    [Fact]
    public async Task Debug_shows_the_record_of_each_command_on_the_standard_error()
    {
        await ShowNoticeAsync();
        Variables["WAYLEAVE_TELEMETRY_DEBUG"] = "true";
        var result = await RunAsync("version", "--client");

        result.Output.ShouldBe($"Client: {CliVersion.Text}\n");
        result.Error.ShouldStartWith("{\"name\":\"wayleave.cli.command\"");
        result.Error.ShouldContain("\"noun\":\"version\",\"modifiers\":\"client\"");
    }

    private async Task ShouldBeGoldenAsync(string name, params string[] arguments)
    {
        var output = (await RunAsync(arguments)).Output.Replace(Directory, "STATE", StringComparison.Ordinal);
        ShouldBeGolden(Id().Replace(output, "ID"), name);
    }

    [GeneratedRegex("(?<=id: ).+", RegexOptions.None, 1000)]
    private static partial Regex Id();

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private static List<string> Path(Command command) => [.. CliCommand.PathOf(command).Split(' ').Skip(1)];
}
