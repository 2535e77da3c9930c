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
        var options = Flags.All.ToDictionary(setting => setting, Option);
        foreach (var option in options.Values)
        {
            command.Add(option);
        }

        command.Add(ProbeCommand.Create(TimeProvider.System));
        command.SetAction((parsed, token) =>
        {
            var given = options
                .Where(pair => parsed.GetResult(pair.Value) is { Implicit: false })
                .ToDictionary(pair => pair.Key.Name, pair => parsed.GetValue(pair.Value) ?? "true", StringComparer.Ordinal);
            return run(given, token);
        });
        return command;
    }

    private static Option<string?> Option(Setting setting) => new(setting.Option)
    {
        Description = setting.Help,
        HelpName = setting.Placeholder ?? "true|false",
        Arity = setting.Placeholder is null ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };
}
