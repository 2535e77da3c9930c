using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Wayleave.Cli.Commands;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Cli.Telemetry;

/// <summary>The telemetry of one run: beside the command while that runs, and for a moment after it. Never fails the command.</summary>
internal static class CommandTelemetry
{
    /// <summary>How long the end of a command waits for the count. The rest of the 200 ms is for the end of the process.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Runs a command, and counts it meanwhile unless it is not of the catalog or telemetry is off; then nothing is read or written.
    /// Returns at most 200 ms after the command is done.
    /// </summary>
    /// <returns>What the command returned.</returns>
    public static async Task<int> RunAsync(ParseResult parsed, CommonOptions options, CliEnvironment environment, Func<Task<int>> run)
    {
        if (ReadCommand(parsed) is not { } command
            || TelemetrySwitch.Read(environment, parsed.GetValue(options.TelemetryEnabled)) is not { OffBy: null } settings)
        {
            return await run();
        }

        var commandDone = new TaskCompletionSource<UsageAmount?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ending = new CancellationTokenSource();
        var counting = Task.Run(() => CreateCounter(settings, environment).RunAsync(command, commandDone.Task, ending.Token));
        var exitCode = await run();
        commandDone.SetResult(environment.Usage.Amount);
        await counting.WaitAsync(MaxWait, environment.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Neither awaited nor disposed: what is open is closed beside the end of the process, or by it.
        _ = ending.CancelAsync();
        return exitCode;
    }

    private static CommandCounter CreateCounter(TelemetrySwitch settings, CliEnvironment environment) => new(
        new TelemetryStateFile(environment.StateDirectory!, environment.Time),
        settings,
        () => environment.CreateTelemetrySender(settings.Settings, environment.Time),
        environment.Time,
        environment.Error);

    /// <summary>
    /// Null for help, for groups and for commands that are not counted. Only names of commands and options of the command tree are looked
    /// at.
    /// </summary>
    private static CountedCommand? ReadCommand(ParseResult parsed)
    {
        if (parsed.Action is HelpAction || parsed.CommandResult.Command.Subcommands.Count > 0)
        {
            return null;
        }

        List<CommandResult> path = [];
        for (var result = parsed.CommandResult; result.Parent is CommandResult parent; result = parent)
        {
            path.Insert(0, result);
        }

        var given = path.Append(parsed.RootCommandResult)
            .SelectMany(result => result.Children.OfType<OptionResult>())
            .Where(option => !option.Implicit)
            .Select(option => option.Option.Name.TrimStart('-'));
        return path.Count is 1 or 2
            ? CountedCommand.CreateOrNull(path[0].Command.Name, path.ElementAtOrDefault(1)?.Command.Name, given)
            : null;
    }
}
