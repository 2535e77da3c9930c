using Wayleave.Kubernetes;

namespace Wayleave.Enforcement;

/// <summary>
/// The reconcile key: all declarations about one name in one namespace. The kind is not part of the key, because a declaration may omit it.
/// </summary>
public readonly record struct PolicyKey(SubjectType Type, string Namespace, string Name) : INamespacedKey
{
    /// <summary>For logs.</summary>
    public override string ToString() => $"{Type}/{Namespace}/{Name}";
}
