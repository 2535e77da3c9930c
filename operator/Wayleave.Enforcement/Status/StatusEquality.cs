using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Status;

/// <summary>
/// Whether the status in the cluster says what it should, so that an unchanged one costs no write. Conditions that others added do not
/// count.
/// </summary>
public static class StatusEquality
{
    public static bool Same(ClientIntentsStatus? actual, ClientIntentsStatus? desired) =>
        ReferenceEquals(actual, desired)
        || (actual is not null && desired is not null
            && actual.ObservedGeneration == desired.ObservedGeneration
            && actual.EnforcedGeneration == desired.EnforcedGeneration
            && actual.Enforced == desired.Enforced
            && actual.Telemetry == desired.Telemetry
            && SameConditions(actual.Conditions, desired.Conditions)
            && Same(actual.Targets, desired.Targets, Same)
            && Same(actual.Clients, desired.Clients, Same));

    public static bool Same(ProtectedServiceStatus? actual, ProtectedServiceStatus? desired) =>
        ReferenceEquals(actual, desired)
        || (actual is not null && desired is not null
            && actual.ObservedGeneration == desired.ObservedGeneration
            && actual.EnforcedGeneration == desired.EnforcedGeneration
            && actual.EnforcedSpec == desired.EnforcedSpec
            && actual.Telemetry == desired.Telemetry
            && SameConditions(actual.Conditions, desired.Conditions));

    public static bool Same(EnforcementPolicyStatus? actual, EnforcementPolicyStatus? desired) =>
        ReferenceEquals(actual, desired)
        || (actual is not null && desired is not null
            && actual.ObservedGeneration == desired.ObservedGeneration
            && actual.EnforcedGeneration == desired.EnforcedGeneration
            && actual.EnforcedSpec == desired.EnforcedSpec
            && actual.Namespaces == desired.Namespaces
            && actual.Workloads == desired.Workloads
            && actual.Outranked == desired.Outranked
            && actual.Telemetry == desired.Telemetry
            && SameConditions(actual.Conditions, desired.Conditions));

    public static bool Same(ClusterStatus? actual, ClusterStatus? desired) =>
        ReferenceEquals(actual, desired)
        || (actual is not null && desired is not null
            && actual.ObservedGeneration == desired.ObservedGeneration
            && actual.KubernetesVersion == desired.KubernetesVersion
            && actual.Intents == desired.Intents
            && actual.Policies == desired.Policies
            && actual.Credentials == desired.Credentials
            && actual.Identity == desired.Identity
            && actual.Telemetry == desired.Telemetry
            && SameConditions(actual.Conditions, desired.Conditions));

    public static bool Same(KafkaServerConfigStatus? actual, KafkaServerConfigStatus? desired) =>
        ReferenceEquals(actual, desired)
        || (actual is not null && desired is not null
            && actual.ObservedGeneration == desired.ObservedGeneration
            && actual.Telemetry == desired.Telemetry
            && SameConditions(actual.Conditions, desired.Conditions));

    // By type: the list is a map to the API server, which may keep it in another order than the one that was applied.
    private static bool SameConditions(List<V1Condition>? actual, List<V1Condition>? desired) =>
        (actual?.Count(IsOurs) ?? 0) == (desired?.Count ?? 0)
        && desired?.TrueForAll(condition => actual?.Find(other => other.Type == condition.Type) is { } same && Same(same, condition)) != false;

    /// <summary>Whether the operator that owns the policies writes a condition of that type.</summary>
    public static bool IsOurs(V1Condition condition) =>
        condition.Type is ConditionTypes.Ready or ConditionTypes.Reconciling or ConditionTypes.Stalled or ConditionTypes.Paused
            or ConditionTypes.SelectorOverlap or ConditionTypes.UnstableLabels or ConditionTypes.ExternalTraffic or ConditionTypes.Outranked;

    private static bool Same<T>(List<T>? left, List<T>? right, Func<T, T, bool> same)
    {
        var count = left?.Count ?? 0;
        var all = count == (right?.Count ?? 0);
        for (var i = 0; all && i < count; i++)
        {
            all = same(left![i], right![i]);
        }

        return all;
    }

    private static bool Same(V1Condition left, V1Condition right) =>
        left.Type == right.Type
        && left.Status == right.Status
        && left.Reason == right.Reason
        && left.Message == right.Message
        && left.ObservedGeneration == right.ObservedGeneration
        && left.LastTransitionTime == right.LastTransitionTime;

    private static bool Same(ClientPods left, ClientPods right) =>
        left.Kind == right.Kind && left.Name == right.Name && left.HostNetwork == right.HostNetwork
        && SelectorEquality.Same(left.PodSelector, right.PodSelector)
        && Same(left.Clusters, right.Clusters, static (one, other) => one == other);

    private static bool Same(TargetStatus left, TargetStatus right) =>
        left.Name == right.Name
        && left.Type == right.Type
        && left.State == right.State
        && left.Reason == right.Reason
        && left.Message == right.Message
        && Same(left.Addresses, right.Addresses, static (one, other) => one == other);
}
