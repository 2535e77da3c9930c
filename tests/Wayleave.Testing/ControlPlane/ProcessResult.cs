namespace Wayleave.Testing.ControlPlane;

/// <summary>How a program ended and all that it wrote.</summary>
public sealed record ProcessResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>For when anything but success would make the rest of the test meaningless.</summary>
    /// <exception cref="InvalidOperationException">The exit code is not 0; the message has what the program wrote.</exception>
    public ProcessResult EnsureSuccess() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"{Command} ended with {ExitCode}:\n{Output}{Error}");
}
