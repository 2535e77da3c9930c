using System.CommandLine;

namespace Wayleave.Cli.Commands;

/// <summary><c>completion</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var group = new Command("completion", "Prints a script that completes commands and options in a shell.");
        group.Add(CreateShell(
            "bash", "wayleave.bash", "Prints the completion script for bash. Load it with `source <(wayleave completion bash)`.", environment));
        group.Add(CreateShell(
            "zsh", "wayleave.zsh", "Prints the completion script for zsh. Load it with `source <(wayleave completion zsh)`.", environment));
        group.Add(CreateShell(
            "kubectl",
            "kubectl_complete-wayleave",
            "Prints the script `kubectl_complete-wayleave`. Save it under that name in a directory on the PATH and make it executable.",
            environment));
        CliCommand.PrintHelp(group);
        return group;
    }

    private static Command CreateShell(string shell, string file, string description, CliEnvironment environment)
    {
        var command = new Command(shell, description);
        command.SetAction(_ =>
        {
            using var reader = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion/{file}")!);
            environment.Output.Write(reader.ReadToEnd());
            return ExitCodes.Success;
        });
        return command;
    }
}
