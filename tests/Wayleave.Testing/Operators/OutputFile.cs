namespace Wayleave.Testing.Operators;

/// <summary>Gives a process a file to print to.</summary>
internal static class OutputFile
{
    /// <summary>The words before a command; none without a file.</summary>
    public static IReadOnlyList<string> Launcher(string? path) => path is null ? [] : ["sh", "-c", "exec \"$@\" >\"$0\" 2>&1", path];
}
