namespace Wayleave.Testing.ControlPlane;

/// <summary>The exit code and the output of a program.</summary>
public sealed record ProcessResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Throws unless the program succeeded.</summary>
    /// <exception cref="InvalidOperationException">The exit code is not 0. The message has the output.</exception>
    public ProcessResult EnsureSuccess() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"{Command} ended with {ExitCode}:\n{Output}{Error}");
}
