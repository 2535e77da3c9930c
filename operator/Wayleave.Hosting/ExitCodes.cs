namespace Wayleave.Hosting;

/// <summary>The exit codes of the programs. The documentation lists them with their summaries.</summary>
public static class ExitCodes
{
    /// <summary>The program stopped in an orderly way. For <c>probe</c>: the operator is ready.</summary>
    public const int Success = 0;

    /// <summary>The command line cannot be parsed, or the program failed. For <c>probe</c>: the operator is not ready.</summary>
    public const int Failure = 1;

    /// <summary>
    /// The value of a flag or variable, a kubeconfig or a port cannot be used. For <c>probe</c>: the argument is not a URL.
    /// </summary>
    public const int InvalidConfiguration = 2;
}
