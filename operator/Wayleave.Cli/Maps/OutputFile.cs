using Wayleave.Cli.Commands;
using Wayleave.Cli.Output;

namespace Wayleave.Cli.Maps;

/// <summary>Writes a result to a file, or to the standard output for <c>-</c> or no file.</summary>
internal static class OutputFile
{
    private const string StandardOutput = "-";

    /// <exception cref="CliException">It cannot be written.</exception>
    public static async Task WriteAsync(CommandRun run, string? path, string text, CancellationToken cancellationToken)
    {
        if (path is null or StandardOutput)
        {
            run.Output.Write(text);
            return;
        }

        try
        {
            await File.WriteAllTextAsync(path, text, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CliException($"{path} cannot be written: {error.Message}");
        }

        run.Error.WriteLine($"Wrote {TerminalText.Clean(path)}.");
    }

    /// <summary>Creates the folder of a file.</summary>
    /// <exception cref="CliException">It cannot be created.</exception>
    public static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CliException($"{path} cannot be created: {error.Message}");
        }
    }
}
