using System.Text.Json;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>
/// What a <see cref="ProtectedService"/> protects, parsed and validated. While its present spec is invalid, the spec that was in force
/// before is read from its status instead: an invalid edit changes nothing that is enforced. Immutable; may be read by several threads.
/// </summary>
public sealed class ParsedProtectedService
{
    internal ParsedProtectedService(ProtectedService protection)
    {
        Error = Validate(protection.Spec);
        EnforcedSpec = Error is null ? protection.Spec : FindEnforcedSpec(protection);
        Clusters = (EnforcedSpec ?? protection.Spec).Clusters;
        if (EnforcedSpec is { } spec)
        {
            var workload = WorkloadValidator.ToParsedRef(protection.Metadata.NamespaceProperty, spec.Workload);
            Workload = workload;
            Server = protection.Metadata.DeletionTimestamp is null
                ? new PolicyKey(SubjectType.Workload, workload.Namespace, workload.Name)
                : null;
        }
    }

    /// <summary>Why its present spec cannot be enforced; null when it can.</summary>
    public TargetResult? Error { get; }

    /// <summary>The spec to enforce; null when there is none.</summary>
    public ProtectedServiceSpec? EnforcedSpec { get; }

    /// <summary>Whether an earlier generation stays in force because the present one is invalid.</summary>
    public bool IsRetained => Error is not null && EnforcedSpec is not null;

    /// <summary>The workload; null when there is no spec to enforce.</summary>
    public ParsedWorkloadRef? Workload { get; }

    /// <summary>The key of the server's policies. Null if there is no valid spec, or if the object is being deleted.</summary>
    public PolicyKey? Server { get; }

    /// <summary>Whether the workload's Pods may reach each other.</summary>
    public bool AllowsOwnPods => EnforcedSpec?.OwnPods != false;

    /// <summary>The clusters to enforce in; null for only the local one.</summary>
    public ClusterSelection? Clusters { get; }

    private static TargetResult? Validate(ProtectedServiceSpec spec) =>
        WorkloadValidator.Validate("spec.workload", spec.Workload) ?? ClusterSelectionMatcher.Validate(spec.Clusters);

    // The status is untrusted, so it is validated like a spec.
    private static ProtectedServiceSpec? FindEnforcedSpec(ProtectedService protection)
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
            return JsonSerializer.Deserialize(text, ApiJson.Default.ProtectedServiceSpec) is { } spec && Validate(spec) is null
                ? spec
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
