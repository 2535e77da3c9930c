using System.CommandLine;
using System.CommandLine.Help;
using Wayleave.Cli.Output;
using Wayleave.Cli.Telemetry;

namespace Wayleave.Cli.Commands;

internal static class CliCommand
{
    /// <summary>The name of the program when it is not a plugin of kubectl.</summary>
    public const string Program = "wayleave";

    /// <summary>An argument that starts with @ is text, and not the name of a file with more arguments.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(string[] arguments, CliEnvironment environment)
    {
        environment = environment with { Usage = new CommandUsage() };
        var options = new CommonOptions(environment);
        var root = Create(options);
        if (arguments is [CompletionRequest.Command, .. var words])
        {
            CompletionRequest.Answer(root, words, environment.Output);
            return ExitCodes.Success;
        }

        var parsed = root.Parse(arguments, Parsing);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var message in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await environment.Error.WriteLineAsync($"error: {TerminalText.Clean(message)}");
            }

            await environment.Error.WriteLineAsync($"See '{PathOf(parsed.CommandResult.Command)} --help' for usage.");
            return ExitCodes.BadUsage;
        }

        var streams = new InvocationConfiguration { Output = environment.Output, Error = environment.Error };
        return await CommandTelemetry.RunAsync(parsed, options, environment, () => parsed.InvokeAsync(streams));
    }

    /// <summary>The commands with their options, which the help, the completion and docs/cli.md list.</summary>
    public static RootCommand Create(CliEnvironment environment) => Create(new CommonOptions(environment));

    private static RootCommand Create(CommonOptions options)
    {
        var root = new RootCommand("Shows what Wayleave enforces, why, and what a change would do. Reads the cluster with your kubeconfig, and writes nothing there except for map reset.")
        {
            options.Kubeconfig, options.Context, options.Namespace, options.TelemetryEnabled,
            Group("intents", "ClientIntents: what is declared, what is in force, and why.",
                IntentsCommands.List(options),
                IntentsCommands.Get(options),
                ValidateCommand.Create(options),
                ExplainCommand.Create(options),
                CanCommand.Create(options),
                PreviewCommand.Create(options)),
            Group("map", "The network map: who calls whom, and what is missing from ClientIntents.",
                MapListCommand.Create(options),
                MapExportCommand.Create(options),
                MapDiffCommand.Create(options),
                MapVisualizeCommand.Create(options),
                MapResetCommand.Create(options)),
            Group("policies", "The NetworkPolicies of the operator.",
                PoliciesCommands.List(options),
                PoliciesCommands.Diff(options)),
            Group("clusters", "Member clusters.",
                ClustersCommands.List(options),
                ClustersCommands.Get(options)),
            Group("events", "The event store of the operator: what it did.",
                EventsCommands.List(options)),
            Group("support", "Help with problems.",
                SupportCommand.Create(options)),
            Group("telemetry", "The telemetry of this program.",
                TelemetryCommands.Status(options),
                TelemetryCommands.Show(options),
                TelemetryCommands.On(options),
                TelemetryCommands.Off(options)),
            VersionCommand.Create(options),
            CompletionCommand.Create(options),
        };
        PrintHelp(root);
        return root;
    }

    /// <summary>The words that name a command.</summary>
    public static string PathOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? Program : $"{PathOf(parent)} {command.Name}";
    }

    /// <summary>Creates a group, which prints its help as those of kubectl do.</summary>
    public static Command Group(string name, string description, params IReadOnlyList<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Add(command);
        }

        PrintHelp(group);
        return group;
    }

    private static void PrintHelp(Command group) => group.SetAction(parsed => new HelpAction().Invoke(parsed));
}
