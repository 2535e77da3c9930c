using System.CommandLine;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Configuration;

/// <summary>The command line.</summary>
internal static class OperatorCommand
{
    /// <summary>
    /// Runs <paramref name="run"/> with the flags that were given, by name; or prints the help, the version or the error.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(
        string[] arguments, Func<IReadOnlyDictionary<string, string>, CancellationToken, Task<int>> run,
        CancellationToken cancellationToken)
    {
        // The host ends the program on SIGTERM in its own, orderly way.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
        return Create(run).Parse(arguments).InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>The command with its options and subcommands, which the help and docs/flags.md list.</summary>
    public static RootCommand Create(Func<IReadOnlyDictionary<string, string>, CancellationToken, Task<int>> run)
    {
        var command = new RootCommand("Turns declared intents into network policies and keeps them up to date.");
        var options = AddOptions(command);
        command.Add(ProbeCommand.Create(TimeProvider.System));
        command.SetAction((parsed, token) => run(GetGiven(parsed, options), token));
        return command;
    }

    /// <summary>
    /// The flags of a command line, by name. The command line may be anyone's: it is only parsed. Nothing runs, nothing is printed, and
    /// no response file is read.
    /// </summary>
    /// <exception cref="OptionsException">It is not one with which the operator starts.</exception>
    public static IReadOnlyDictionary<string, string> ReadFlags(IReadOnlyList<string> arguments)
    {
        // Not the root command, which has --help, --version, directives and subcommands.
        var command = new Command("operator");
        var options = AddOptions(command);
        var parsed = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count == 0 ? GetGiven(parsed, options) : throw new OptionsException(parsed.Errors[0].Message);
    }

    private static Dictionary<Setting, Option<string?>> AddOptions(Command command)
    {
        var options = Flags.All.ToDictionary(setting => setting, Option);
        foreach (var option in options.Values)
        {
            command.Add(option);
        }

        return options;
    }

    private static Dictionary<string, string> GetGiven(ParseResult parsed, Dictionary<Setting, Option<string?>> options) => options
        .Where(pair => parsed.GetResult(pair.Value) is { Implicit: false })
        .ToDictionary(pair => pair.Key.Name, pair => parsed.GetValue(pair.Value) ?? "true", StringComparer.Ordinal);

    private static Option<string?> Option(Setting setting) => new(setting.Option)
    {
        Description = setting.Help,
        HelpName = setting.Placeholder ?? "true|false",
        Arity = setting.Placeholder is null ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };
}
