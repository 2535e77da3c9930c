using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Cli;

/// <summary>The command line program: the one that is built with the tests, or the one that <c>WAYLEAVE_CLI</c> names.</summary>
internal static class CliProgram
{
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("WAYLEAVE_CLI") ?? System.IO.Path.Combine(AppContext.BaseDirectory, "wayleave");

    public static Task<ProcessResult> RunAsync(string kubeconfig, params IReadOnlyList<string> arguments) => ChildProcess.RunAsync(
        Path, arguments, environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["KUBECONFIG"] = kubeconfig });

    public static void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A folder with the program as a plugin of kubectl, and the file that completes it.</summary>
    public static async Task<string> CreatePluginFolderAsync()
    {
        var folder = Directory.CreateTempSubdirectory("kubectl-wayleave-").FullName;
        File.CreateSymbolicLink(System.IO.Path.Combine(folder, "kubectl-wayleave"), Path);
        var completion = System.IO.Path.Combine(folder, "kubectl_complete-wayleave");
        await File.WriteAllTextAsync(completion, (await ChildProcess.RunAsync(Path, ["completion", "kubectl"])).EnsureSuccess().Output);
        MakeExecutable(completion);
        return folder;
    }
}
