using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>
/// An entry of <c>spec.targets</c> as it was read. One of <see cref="Reference"/>, <see cref="Internet"/> and <see cref="TargetResult"/> is
/// set.
/// </summary>
/// <param name="Index">Its place in the list.</param>
/// <param name="Name">What it is called in the status.</param>
/// <param name="Type">One of <see cref="TargetTypes"/>.</param>
public sealed record DeclaredTarget(int Index, string Name, string Type)
{
    /// <summary>The server it names, when there can be a policy for it.</summary>
    public TargetReference? Reference { get; init; }

    /// <summary>Where outside the cluster it leads.</summary>
    public InternetReference? Internet { get; init; }

    /// <summary>Its key in the spec, for messages.</summary>
    public string Field => $"spec.targets[{Index}].{Type}";

    /// <summary>The result, if parsing alone decides it.</summary>
    public TargetResult? Result { get; init; }
}

/// <summary>A target that has a server in the cluster.</summary>
/// <param name="Server">The key of the server's policies.</param>
/// <param name="Workload">The workload, when the server is one.</param>
/// <param name="Ports">Ports of a workload's Pods or of a Service; empty for all.</param>
/// <param name="HasHttpPaths">True when only some paths were asked for.</param>
public sealed record TargetReference(
    PolicyKey Server, ParsedWorkloadRef? Workload, IReadOnlyList<DeclaredPort> Ports, bool HasHttpPaths = false)
{
    /// <summary>The workload's kind when it was given. Never for a Service.</summary>
    public WorkloadKind? Kind => Workload?.Kind;
}
