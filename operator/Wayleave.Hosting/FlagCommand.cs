using System.CommandLine;
using Wayleave.Settings;

namespace Wayleave.Hosting;

/// <summary>Creates the command line of a program from the list of its flags.</summary>
public static class FlagCommand
{
    /// <summary>Creates a command that passes on the flags that were given, by name without dashes.</summary>
    public static RootCommand Create(
        string description, IEnumerable<Setting> flags, Func<IReadOnlyDictionary<string, string>, CancellationToken, Task<int>> run)
    {
        var command = new RootCommand(description);
        var options = AddOptions(command, flags);
        command.SetAction((parsed, token) => run(GetGiven(parsed, options), token));
        return command;
    }

    /// <summary>Runs the command, or prints the help, the version or the error.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> InvokeAsync(RootCommand command, string[] arguments, CancellationToken cancellationToken)
    {
        // The host ends the program on SIGTERM in its own, orderly way.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
        return command.Parse(arguments).InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>
    /// The flags of a command line, by name. The command line may be anyone's: it is only parsed. Nothing runs, nothing is printed, and
    /// no response file is read.
    /// </summary>
    /// <exception cref="OptionsException">It is not one with which the program starts.</exception>
    public static IReadOnlyDictionary<string, string> ReadFlags(IReadOnlyList<string> arguments, IEnumerable<Setting> flags)
    {
        // Not the root command, which has --help, --version, directives and subcommands.
        var command = new Command("program");
        var options = AddOptions(command, flags);
        var parsed = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors.Count == 0 ? GetGiven(parsed, options) : throw new OptionsException(parsed.Errors[0].Message);
    }

    private static Dictionary<Setting, Option<string?>> AddOptions(Command command, IEnumerable<Setting> flags)
    {
        var options = flags.ToDictionary(flag => flag, CreateOption);
        foreach (var option in options.Values)
        {
            command.Add(option);
        }

        return options;
    }

    private static Dictionary<string, string> GetGiven(ParseResult parsed, Dictionary<Setting, Option<string?>> options) => options
        .Where(pair => parsed.GetResult(pair.Value) is { Implicit: false })
        .ToDictionary(pair => pair.Key.Name, pair => parsed.GetValue(pair.Value) ?? "true", StringComparer.Ordinal);

    private static Option<string?> CreateOption(Setting flag) => new(flag.Option)
    {
        Description = flag.Help,
        HelpName = flag.Placeholder ?? "true|false",
        Arity = flag.Placeholder is null ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };
}
