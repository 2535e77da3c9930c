using System.Globalization;
using Wayleave.Api;

namespace Wayleave.Enforcement.Targets;

/// <summary>
/// Parses the targets of a <see cref="ClientIntents"/>. The schema rejects most invalid input; the rest becomes a result, never an
/// exception.
/// </summary>
public static class TargetParser
{
    /// <summary>
    /// One entry for each target, in the order of the spec. If the whole spec is refused, all carry the same result. If an earlier
    /// generation stays in force, none of them declares anything.
    /// </summary>
    public static IReadOnlyList<DeclaredTarget> Read(ClientIntents intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        var refusal = ClientIntentsParser.Refusal(intents);
        var isRetained = RetainedDeclarations.IsRetained(intents);
        var @namespace = intents.Metadata.NamespaceProperty ?? "";
        var targets = new DeclaredTarget[intents.Spec.Targets.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            var target = TargetReader.Read(intents.Spec.Targets[i], @namespace, i);
            targets[i] = refusal is null && !isRetained
                ? target
                : target with { Reference = null, Internet = null, Result = refusal ?? target.Result ?? NotApplied(intents, i) };
        }

        return targets;
    }

    /// <summary>
    /// The targets that name one server, with their references. Cheaper than to read them all: an object may have a thousand targets, and
    /// each of their servers asks.
    /// </summary>
    public static IReadOnlyList<DeclaredTarget> To(ClientIntents intents, PolicyKey server) =>
        To(intents, server, RetainedDeclarations.IsRetained(intents));

    /// <summary>The same, where it is known whether an earlier generation stays in force.</summary>
    public static IReadOnlyList<DeclaredTarget> To(ClientIntents intents, PolicyKey server, bool isRetained)
    {
        ArgumentNullException.ThrowIfNull(intents);
        var targets = new List<DeclaredTarget>(1);
        if (isRetained || ClientIntentsParser.Refusal(intents) is not null)
        {
            return targets;
        }

        var @namespace = intents.Metadata.NamespaceProperty ?? "";
        for (var i = 0; i < intents.Spec.Targets.Count; i++)
        {
            if (CouldName(intents.Spec.Targets[i], server)
                && TargetReader.Read(intents.Spec.Targets[i], @namespace, i) is { Reference: { } reference } target
                && reference.Server == server)
            {
                targets.Add(target);
            }
        }

        return targets;
    }

    /// <summary>
    /// The servers it names, each once: what a change of it can affect. None when it is being deleted, as it then declares nothing. While
    /// an earlier generation stays in force, the servers of that.
    /// </summary>
    public static IReadOnlySet<PolicyKey> Servers(ClientIntents intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        if (intents.Metadata.DeletionTimestamp is not null)
        {
            return new HashSet<PolicyKey>();
        }

        return RetainedDeclarations.IsRetained(intents)
            ? RetainedDeclarations.Servers(intents).ToHashSet()
            : Read(intents).Where(target => target.Reference is not null).Select(target => target.Reference!.Server).ToHashSet();
    }

    /// <summary>The domains it names, each once. None when it is being deleted, or while an earlier generation stays in force.</summary>
    public static IReadOnlySet<string> Domains(ClientIntents intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        var live = intents.Metadata.DeletionTimestamp is null && !RetainedDeclarations.IsRetained(intents) ? intents.Spec.Targets : [];
        return live.SelectMany(target => target?.Internet?.Domains ?? []).ToHashSet(StringComparer.Ordinal);
    }

    private static bool CouldName(IntentTarget? target, PolicyKey server)
    {
        var name = server.Type == SubjectType.Service ? target?.Service?.Name : target?.Kubernetes?.Name;
        return name?.StartsWith(server.Name, StringComparison.Ordinal) == true;
    }

    private static TargetResult NotApplied(ClientIntents intents, int index) => TargetResult.Pending(
        Reasons.InvalidSpec,
        string.Create(
            CultureInfo.InvariantCulture,
            $"spec.targets[{index}]: not applied, because another field of the spec is invalid; generation {intents.Status?.EnforcedGeneration} stays in force"));
}
