namespace Wayleave.Cli;

/// <summary>The exit codes of the program. The documentation lists them with their summaries.</summary>
internal static class ExitCodes
{
    /// <summary>The command did what was asked, or the answer is yes. <c>preview</c> exits with 0 even if it shows differences.</summary>
    public const int Success = 0;

    /// <summary>The command failed, for example because the API server cannot be reached or refused a request.</summary>
    public const int Failure = 1;

    /// <summary>The command line is invalid.</summary>
    public const int BadUsage = 2;

    /// <summary>
    /// The question was answered, and the answer is no: a call is denied, a file is invalid, or <c>policies diff</c> or <c>map diff</c>
    /// found differences.
    /// </summary>
    public const int No = 3;

    /// <summary>The command was interrupted, for example with Ctrl-C.</summary>
    public const int Interrupted = 130;
}
