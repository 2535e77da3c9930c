using k8s.Models;

namespace Wayleave.Enforcement.Workloads;

/// <summary>A workload as a declaration names it.</summary>
/// <param name="Kind">Null for any kind.</param>
/// <param name="Selector">The labels of the Pods, when they are named by these; the name is then only what they are called.</param>
public readonly record struct WorkloadReference(string Namespace, string Name, WorkloadKind? Kind, V1LabelSelector? Selector = null);
