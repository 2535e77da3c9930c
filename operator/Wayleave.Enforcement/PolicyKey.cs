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

/// <summary>The type of a subject. It implies the direction of its policies.</summary>
public enum SubjectType
{
    /// <summary>A workload that is called, of whatever kind.</summary>
    Workload,

    /// <summary>A Service that is called.</summary>
    Service,

    /// <summary>A workload that calls, of whatever kind.</summary>
    Client,
}
