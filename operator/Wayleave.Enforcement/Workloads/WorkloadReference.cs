namespace Wayleave.Enforcement.Workloads;

/// <summary>A workload as a declaration names it. Without a kind, any kind is meant.</summary>
public readonly record struct WorkloadReference(string Namespace, string Name, WorkloadKind? Kind);
