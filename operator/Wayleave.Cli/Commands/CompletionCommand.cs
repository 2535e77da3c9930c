using System.CommandLine;

namespace Wayleave.Cli.Commands;

/// <summary><c>completion</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommonOptions options)
    {
        Command CreateShell(string shell, string file, string description) => options.CreateCommand(shell, description, [], (run, _) =>
        {
            using var reader = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion/{file}")!);
            run.Output.Write(reader.ReadToEnd());
            return Task.FromResult(ExitCodes.Success);
        });

        return CliCommand.Group(
            "completion",
            "Prints a script that completes commands and options in a shell.",
            CreateShell("bash", "wayleave.bash", "Prints the completion script for bash. Load it with `source <(wayleave completion bash)`."),
            CreateShell("zsh", "wayleave.zsh", "Prints the completion script for zsh. Load it with `source <(wayleave completion zsh)`."),
            CreateShell(
                "kubectl",
                "kubectl_complete-wayleave",
                "Prints the script `kubectl_complete-wayleave`. Save it under that name in a directory on the PATH and make it executable."));
    }
}
