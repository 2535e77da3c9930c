namespace Wayleave.Cli;

/// <summary>An error that is printed as it is.</summary>
internal sealed class CliException(string message, int exitCode = ExitCodes.Failure) : Exception(message)
{
    public int ExitCode => exitCode;
}
