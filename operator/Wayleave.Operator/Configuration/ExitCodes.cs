namespace Wayleave.Operator.Configuration;

/// <summary>The exit codes of the program. The documentation lists them with their summaries.</summary>
internal static class ExitCodes
{
    /// <summary>The operator stopped in an orderly way. For <c>probe</c>: the operator is ready.</summary>
    public const int Success = 0;

    /// <summary>The command line cannot be parsed, or the operator failed. For <c>probe</c>: the operator is not ready.</summary>
    public const int Failure = 1;

    /// <summary>
    /// The value of a flag or variable, a kubeconfig or a port cannot be used. For <c>probe</c>: the argument is not a URL.
    /// </summary>
    public const int InvalidConfiguration = 2;
}
