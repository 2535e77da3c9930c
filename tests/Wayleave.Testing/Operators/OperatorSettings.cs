namespace Wayleave.Testing.Operators;

/// <summary>How to start the operator in a test.</summary>
public sealed record OperatorSettings
{
    /// <summary>Flags on top of kubeconfig, loopback address and free ports.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A file for all that it prints, instead of <see cref="OperatorProcess.Log"/>; null for none.</summary>
    public string? OutputPath { get; init; }

    /// <summary>A file for the trace of every address that it connects or sends to, by strace; null for none.</summary>
    public string? TracePath { get; init; }

    /// <summary>Variables on top of an environment that has none of the operator's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
