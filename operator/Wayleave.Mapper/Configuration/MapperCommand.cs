using System.CommandLine;

namespace Wayleave.Mapper.Configuration;

/// <summary>The exit codes of the program.</summary>
internal static class ExitCodes
{
    /// <summary>The mapper stopped in an orderly way.</summary>
    public const int Success = 0;

    /// <summary>The command line cannot be parsed, or the mapper failed.</summary>
    public const int Failure = 1;

    /// <summary>The value of a flag or variable, a kubeconfig or a port cannot be used.</summary>
    public const int InvalidConfiguration = 2;
}

/// <summary>The command line.</summary>
internal static class MapperCommand
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

    private static RootCommand Create(Func<IReadOnlyDictionary<string, string>, CancellationToken, Task<int>> run)
    {
        var command = new RootCommand("Maps which workloads call which, from what sensors report.");
        var options = MapperFlags.All.ToDictionary(flag => flag, CreateOption);
        foreach (var option in options.Values)
        {
            command.Add(option);
        }

        command.SetAction((parsed, token) => run(
            options
                .Where(pair => parsed.GetResult(pair.Value) is { Implicit: false })
                .ToDictionary(pair => pair.Key.Name, pair => parsed.GetValue(pair.Value) ?? "true", StringComparer.Ordinal),
            token));
        return command;
    }

    private static Option<string?> CreateOption(Flag flag) => new(flag.Option)
    {
        Description = flag.Help,
        HelpName = flag.Placeholder ?? "true|false",
        Arity = flag.Placeholder is null ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };
}
