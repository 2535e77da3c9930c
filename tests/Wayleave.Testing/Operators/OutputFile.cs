namespace Wayleave.Testing.Operators;

/// <summary>Redirects the output of a process to a file.</summary>
internal static class OutputFile
{
    /// <summary>The prefix of a command. Empty without a file.</summary>
    public static IReadOnlyList<string> Launcher(string? path) => path is null ? [] : ["sh", "-c", "exec \"$@\" >\"$0\" 2>&1", path];
}
