using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Enforcement.Targets;

/// <summary>
/// Declarations with an invalid spec whose earlier generation stays enforced. The earlier spec is no longer known, so the existing policies
/// keep their rules.
/// </summary>
public static class RetainedDeclarations
{
    private static readonly ClusterSelection _all = new() { Names = [ClusterSelectionMatcher.Local], Selector = new V1LabelSelector() };

    /// <summary>Whether an earlier generation stays in force because the present one is invalid.</summary>
    public static bool IsRetained(ClientIntents intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        return HasEarlier(intents.Status?.EnforcedGeneration, intents.Metadata) && IsInvalid(intents);
    }

    /// <summary>
    /// The clusters that a declaration is about: all of them while an earlier generation stays in force, as nothing says which that was
    /// meant for. Null for only this one.
    /// </summary>
    public static ClusterSelection? Clusters(ClientIntents intents) => IsRetained(intents) ? _all : intents.Spec.Clusters;

    /// <summary>Whether the spec, or any target in it, is invalid.</summary>
    public static bool IsInvalid(ClientIntents intents) => FindFirstError(intents) is not null;

    /// <summary>The first thing in the spec that is invalid; null when nothing is.</summary>
    public static TargetResult? FindFirstError(ClientIntents intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        if (ClientIntentsParser.Refusal(intents) is { } refusal)
        {
            return refusal;
        }

        for (var i = 0; i < intents.Spec.Targets.Count; i++)
        {
            var target = TargetReader.Read(intents.Spec.Targets[i], intents.Metadata.NamespaceProperty ?? "", i);
            if (target.Result is { Reason: Reasons.InvalidSpec } invalid)
            {
                return invalid;
            }
        }

        return null;
    }

    /// <summary>The servers that the generation in force names: the status still lists its targets.</summary>
    public static IEnumerable<PolicyKey> Servers(ClientIntents intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        foreach (var target in intents.Status?.Targets ?? [])
        {
            SubjectType? type = target.Type switch
            {
                TargetTypes.Kubernetes => SubjectType.Workload,
                TargetTypes.Service => SubjectType.Service,
                _ => null,
            };
            if (type is { } known && ServerName.Refusal("", target.Name) is null)
            {
                var server = ServerName.Parse(target.Name, intents.Metadata.NamespaceProperty ?? "");
                yield return new PolicyKey(known, server.Namespace, server.Name);
            }
        }
    }

    private static bool HasEarlier(long? enforced, V1ObjectMeta metadata) =>
        enforced is { } generation && generation != metadata.Generation && metadata.DeletionTimestamp is null;
}
