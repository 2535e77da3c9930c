using System.Text.Json;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>
/// Reads what a <see cref="ProtectedService"/> protects. While its present spec is invalid, the spec that was in force before is read from
/// its status instead: an invalid edit changes nothing that is enforced.
/// </summary>
public static class ProtectedServiceParser
{
    /// <summary>Why its present spec cannot be enforced; null when it can.</summary>
    public static TargetResult? Refusal(ProtectedService protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        return Refusal(protection.Spec);
    }

    /// <summary>The spec to enforce; null when there is none.</summary>
    public static ProtectedServiceSpec? InForce(ProtectedService protection) =>
        Refusal(protection) is null ? protection.Spec : Earlier(protection);

    /// <summary>Whether an earlier generation stays in force because the present one is invalid.</summary>
    public static bool IsRetained(ProtectedService protection) => Refusal(protection) is not null && Earlier(protection) is not null;

    /// <summary>The workload; null when there is no spec to enforce.</summary>
    public static ParsedWorkloadRef? Reference(ProtectedService protection) =>
        InForce(protection) is { } spec ? WorkloadValidator.Reference(protection.Metadata.NamespaceProperty, spec.Workload) : null;

    /// <summary>Whether the workload's Pods may reach each other.</summary>
    public static bool AllowsOwnPods(ProtectedService protection) => InForce(protection)?.OwnPods != false;

    /// <summary>The clusters to enforce in; null for only this one.</summary>
    public static ClusterSelection? Clusters(ProtectedService protection) => (InForce(protection) ?? protection.Spec).Clusters;

    /// <summary>The key of the server's policies. Null if there is no valid spec, or if the object is being deleted.</summary>
    public static PolicyKey? Server(ProtectedService protection) =>
        Reference(protection) is { } workload && protection.Metadata.DeletionTimestamp is null
            ? new PolicyKey(SubjectType.Workload, workload.Namespace, workload.Name)
            : null;

    private static TargetResult? Refusal(ProtectedServiceSpec spec) =>
        WorkloadValidator.Refusal("spec.workload", spec.Workload) ?? ClusterSelectionMatcher.Refusal(spec.Clusters);

    // The status is untrusted, so it is validated like a spec.
    private static ProtectedServiceSpec? Earlier(ProtectedService protection)
    {
        var status = protection.Status;
        if (status?.EnforcedSpec is not { } text
            || status.EnforcedGeneration is null
            || status.EnforcedGeneration == protection.Metadata.Generation)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(text, ApiJson.Default.ProtectedServiceSpec) is { } spec && Refusal(spec) is null
                ? spec
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Parses the client of a <see cref="ClientIntents"/>.</summary>
public static class ClientIntentsParser
{
    /// <summary>Why nothing of it can be enforced; null when it can.</summary>
    public static TargetResult? Refusal(ClientIntents intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        return WorkloadValidator.Refusal("spec.workload", intents.Spec.Workload)
            ?? ClusterSelectionMatcher.Refusal(intents.Spec.Clusters);
    }

    /// <summary>The client; null when the spec is refused.</summary>
    public static ParsedWorkloadRef? Reference(ClientIntents intents) =>
        Refusal(intents) is null
            ? WorkloadValidator.Reference(intents.Metadata.NamespaceProperty, intents.Spec.Workload)
            : null;

    /// <summary>Whose egress it is part of; null when the spec is refused.</summary>
    public static PolicyKey? Client(ClientIntents intents) =>
        Reference(intents) is { } client ? new PolicyKey(SubjectType.Client, client.Namespace, client.Name) : null;
}
