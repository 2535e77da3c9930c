using Wayleave.Kubernetes;

namespace Wayleave.Enforcement;

/// <summary>
/// The unit of work: everything that is declared about one name in one namespace. The workload's kind is not part of it, since a
/// declaration may leave the kind out and means another workload when one of another kind appears.
/// </summary>
public readonly record struct PolicyKey(SubjectType Type, string Namespace, string Name) : INamespacedKey
{
    /// <summary>For logs.</summary>
    public override string ToString() => $"{Type}/{Namespace}/{Name}";
}
