using Wayleave.Enforcement.Internet;
using Wayleave.Api;

namespace Wayleave.Enforcement.Targets;

/// <summary>An entry of <c>spec.targets</c> as it was read. One of <see cref="Reference"/>, <see cref="Internet"/> and <see cref="TargetResult"/> is set.</summary>
/// <param name="Index">Its place in the list.</param>
/// <param name="Name">What it is called in the status.</param>
/// <param name="Type">One of <see cref="TargetTypes"/>.</param>
public sealed record DeclaredTarget(int Index, string Name, string Type)
{
    /// <summary>The server it names, when there can be a policy for it.</summary>
    public TargetReference? Reference { get; init; }

    /// <summary>Where outside the cluster it leads.</summary>
    public InternetReference? Internet { get; init; }

    /// <summary>What the text alone was enough to say.</summary>
    public TargetResult? Result { get; init; }
}
