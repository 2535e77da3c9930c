namespace Wayleave.Cli;

/// <summary>The exit codes of the program. The documentation lists them with their summaries.</summary>
internal static class ExitCodes
{
    /// <summary>The command did what was asked, or the answer is yes.</summary>
    public const int Success = 0;

    /// <summary>The command failed, for example because the API server cannot be reached or refused a request.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be used.</summary>
    public const int BadUsage = 2;

    /// <summary>
    /// The question was answered, and the answer is no: a call is denied, a file is invalid, or policies differ from what they should be.
    /// </summary>
    public const int No = 3;
}
