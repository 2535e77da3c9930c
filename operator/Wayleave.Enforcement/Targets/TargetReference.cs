using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>A target that has a server in the cluster.</summary>
/// <param name="Server">Whose policies it is part of.</param>
/// <param name="Workload">The workload, when the server is one.</param>
/// <param name="Ports">Ports of a workload's Pods or of a Service; empty for all.</param>
/// <param name="HasHttpPaths">True when only some paths were asked for.</param>
public sealed record TargetReference(PolicyKey Server, WorkloadReference? Workload, IReadOnlyList<DeclaredPort> Ports, bool HasHttpPaths = false)
{
    /// <summary>The workload's kind when it was given. Never for a Service.</summary>
    public WorkloadKind? Kind => Workload?.Kind;
}
