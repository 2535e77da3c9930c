namespace Wayleave.Enforcement.Policies;

/// <summary>Pods that may be called.</summary>
/// <param name="Ports">The pods' ports, in order and each once; empty for every port.</param>
public sealed record PodDestination(PolicySubject Server, IReadOnlyList<PolicyPort> Ports);
