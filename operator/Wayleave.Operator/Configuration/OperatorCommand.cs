using System.CommandLine;
using Wayleave.Hosting;

namespace Wayleave.Operator.Configuration;

/// <summary>The command line.</summary>
internal static class OperatorCommand
{
    /// <summary>The command with its options and subcommands, which the help and docs/flags.md list.</summary>
    public static RootCommand Create(Func<IReadOnlyDictionary<string, string>, CancellationToken, Task<int>> run)
    {
        var command = FlagCommand.Create("Turns declared intents into network policies and keeps them up to date.", Flags.All, run);
        command.Add(ProbeCommand.Create(TimeProvider.System));
        return command;
    }
}
