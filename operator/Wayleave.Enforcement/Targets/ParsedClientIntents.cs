using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>
/// A <see cref="ClientIntents"/>, parsed and validated. The schema rejects most invalid input; the rest becomes a result, never an
/// exception. Immutable; may be read by several threads.
/// </summary>
public sealed class ParsedClientIntents
{
    private static readonly ClusterSelection _allClusters =
        new() { Names = [ClusterSelectionMatcher.Local], Selector = new V1LabelSelector() };

    internal ParsedClientIntents(ClientIntents intents)
    {
        var @namespace = intents.Metadata.NamespaceProperty ?? "";
        Error = WorkloadValidator.Validate("spec.workload", intents.Spec.Workload)
            ?? ClusterSelectionMatcher.Validate(intents.Spec.Clusters);
        var targets = new DeclaredTarget[intents.Spec.Targets.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = TargetParser.Parse(intents.Spec.Targets[i], @namespace, i);
        }

        Client = Error is null ? WorkloadValidator.ToParsedRef(@namespace, intents.Spec.Workload) : null;
        FirstError = Error ?? Array.Find(targets, target => target.Result is { Reason: Reasons.InvalidSpec })?.Result;
        IsRetained = FirstError is not null && intents.Status?.EnforcedGeneration is { } enforced
            && enforced != intents.Metadata.Generation && intents.Metadata.DeletionTimestamp is null;
        Targets = Error is null && !IsRetained ? targets : Array.ConvertAll(targets, target => NotApplied(target, intents));
        Clusters = IsRetained ? _allClusters : intents.Spec.Clusters;
        if (intents.Metadata.DeletionTimestamp is null)
        {
            Servers = IsRetained
                ? [.. EnforcedServers(intents.Status!, @namespace).Distinct()]
                : [.. Targets.Select(target => target.Reference?.Server).OfType<PolicyKey>().Distinct()];
            Domains = IsRetained
                ? []
                : [.. intents.Spec.Targets.SelectMany(target => target?.Internet?.Domains ?? []).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>The error that prevents all enforcement of the object. Null if there is none.</summary>
    public TargetResult? Error { get; }

    /// <summary>The first error in the spec or in any target. Null if there is none.</summary>
    public TargetResult? FirstError { get; }

    /// <summary>
    /// Whether an earlier generation stays in force because the present one is invalid. Its spec is no longer known, so the existing
    /// policies keep their rules.
    /// </summary>
    public bool IsRetained { get; }

    /// <summary>The client; null when the spec is refused.</summary>
    public ParsedWorkloadRef? Client { get; }

    /// <summary>The key of the client's egress policies. Null if the spec is invalid.</summary>
    public PolicyKey? ClientKey => Client is { } client ? new PolicyKey(SubjectType.Client, client.Namespace, client.Name) : null;

    /// <summary>
    /// One entry for each target, in the order of the spec. If the whole spec is refused, all carry the same result. If an earlier
    /// generation stays in force, none of them declares anything.
    /// </summary>
    public IReadOnlyList<DeclaredTarget> Targets { get; }

    /// <summary>
    /// The servers that a change of the object can affect, without duplicates. Empty if it is being deleted. While an earlier generation
    /// stays in force, the servers of that generation.
    /// </summary>
    public IReadOnlyList<PolicyKey> Servers { get; } = [];

    /// <summary>The domains it names, each once. None when it is being deleted, or while an earlier generation stays in force.</summary>
    public IReadOnlyList<string> Domains { get; } = [];

    /// <summary>
    /// The clusters to enforce in. Null for only the local one. While an earlier generation stays in force, all clusters, because its
    /// selection is not known.
    /// </summary>
    public ClusterSelection? Clusters { get; }

    /// <summary>The targets that name one server.</summary>
    public IEnumerable<DeclaredTarget> TargetsOn(PolicyKey server) => Targets.Where(target => target.Reference?.Server == server);

    private DeclaredTarget NotApplied(DeclaredTarget target, ClientIntents intents)
    {
        var result = Error ?? target.Result ?? TargetResult.Pending(
            Reasons.InvalidSpec,
            $"spec.targets[{target.Index}]: not applied, because another field of the spec is invalid; generation {intents.Status?.EnforcedGeneration} stays in force");
        return target with { Reference = null, Internet = null, Result = result };
    }

    // The status still lists the targets of the generation in force.
    private static IEnumerable<PolicyKey> EnforcedServers(ClientIntentsStatus status, string @namespace)
    {
        foreach (var target in status.Targets ?? [])
        {
            SubjectType? type = target.Type switch
            {
                TargetTypes.Kubernetes => SubjectType.Workload,
                TargetTypes.Service => SubjectType.Service,
                _ => null,
            };
            if (type is { } known && TargetParser.ValidateServer("", target.Name) is null)
            {
                yield return TargetParser.ParseServer(known, target.Name, @namespace);
            }
        }
    }
}
