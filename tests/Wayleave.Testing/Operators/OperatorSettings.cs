namespace Wayleave.Testing.Operators;

/// <summary>How to start the operator in a test.</summary>
public sealed record OperatorSettings
{
    /// <summary>Flags in addition to kubeconfig, loopback address, and free ports.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A file for its output, instead of <see cref="OperatorProcess.Log"/>. Null for none.</summary>
    public string? OutputPath { get; init; }

    /// <summary>A file for the trace of every address that it connects or sends to, by strace. Null for none.</summary>
    public string? TracePath { get; init; }

    /// <summary>Environment variables in addition to an environment without any of the operator's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
