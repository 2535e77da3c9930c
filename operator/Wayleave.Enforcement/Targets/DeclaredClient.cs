using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>Reads which workload a <see cref="ClientIntents"/> speaks for.</summary>
public static class DeclaredClient
{
    /// <summary>Why nothing of it can be enforced; null when it can.</summary>
    public static TargetResult? Refusal(ClientIntents intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        return WorkloadValidator.Refusal("spec.workload", intents.Spec.Workload)
            ?? ClusterSelector.Refusal(intents.Spec.Clusters);
    }

    /// <summary>The client; null when the spec is refused.</summary>
    public static WorkloadReference? Reference(ClientIntents intents) =>
        Refusal(intents) is null
            ? WorkloadValidator.Reference(intents.Metadata.NamespaceProperty, intents.Spec.Workload)
            : null;

    /// <summary>Whose egress it is part of; null when the spec is refused.</summary>
    public static PolicyKey? Client(ClientIntents intents) =>
        Reference(intents) is { } client ? new PolicyKey(SubjectType.Client, client.Namespace, client.Name) : null;
}
