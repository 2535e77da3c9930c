using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Policies;

/// <summary>Who may call.</summary>
/// <param name="Ports">Where, in order and each once; empty for everywhere.</param>
public sealed record Caller(Workload Client, IReadOnlyList<PolicyPort> Ports);
