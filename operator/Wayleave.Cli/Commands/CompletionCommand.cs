using System.CommandLine;

namespace Wayleave.Cli.Commands;

/// <summary><c>completion</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var group = new Command("completion", "Prints a script that completes commands and options in a shell.");
        group.Add(For("bash", "wayleave.bash", "For bash: source <(wayleave completion bash)", environment));
        group.Add(For("zsh", "wayleave.zsh", "For zsh: source <(wayleave completion zsh)", environment));
        group.Add(For(
            "kubectl",
            "kubectl_complete-wayleave",
            "The file kubectl_complete-wayleave, which kubectl runs to complete its plugin. Make it executable and put it on the PATH.",
            environment));
        group.SetAction(parsed => new System.CommandLine.Help.HelpAction().Invoke(parsed));
        return group;
    }

    private static Command For(string shell, string file, string description, CliEnvironment environment)
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
