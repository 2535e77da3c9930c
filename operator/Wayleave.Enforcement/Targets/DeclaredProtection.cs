using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>Reads which workload a <see cref="ProtectedService"/> protects.</summary>
public static class DeclaredProtection
{
    /// <summary>Why it cannot be enforced; null when it can.</summary>
    public static Verdict? Refusal(ProtectedService protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        return WorkloadRules.Refusal("spec.workload", protection.Spec.Workload)
            ?? ClusterRules.Refusal(protection.Spec.Clusters);
    }

    /// <summary>The workload; null when the spec is refused.</summary>
    public static WorkloadReference? Reference(ProtectedService protection) =>
        Refusal(protection) is null
            ? WorkloadRules.Reference(protection.Metadata.NamespaceProperty, protection.Spec.Workload)
            : null;

    /// <summary>Whose policies it is part of; null when it is refused or being deleted.</summary>
    public static SubjectKey? Server(ProtectedService protection) =>
        Reference(protection) is { } workload && protection.Metadata.DeletionTimestamp is null
            ? new SubjectKey(SubjectType.Workload, workload.Namespace, workload.Name)
            : null;
}
