using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>A target that has a server in the cluster.</summary>
/// <param name="Server">Whose policies it is part of.</param>
/// <param name="Kind">The workload's kind when it was given. Never for a Service.</param>
/// <param name="Ports">A workload's pod ports or a Service's own ports; empty for all.</param>
/// <param name="HasHttpPaths">True when only some paths were asked for.</param>
public sealed record TargetReference(SubjectKey Server, WorkloadKind? Kind, IReadOnlyList<int> Ports, bool HasHttpPaths = false);
