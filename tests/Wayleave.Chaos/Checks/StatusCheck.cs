using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Testing.Meaning;

namespace Wayleave.Chaos.Checks;

/// <summary>Checks that each status is of the current generation and reports the correct state of each target.</summary>
internal sealed class StatusCheck(World world) : Check
{
    public override string Name => "statuses that are true";

    public override async Task<string?> ProblemAsync()
    {
        var view = await Snapshot.ViewAsync(world, Past.None);
        var problem = view.Intents.Select(intents => ProblemOf(view, intents)).Concat(view.Protections.Select(protection => ProblemOf(view, protection)))
            .FirstOrDefault(found => found is not null);
        Count += problem is null ? view.Intents.Count + view.Protections.Count : 0;
        return problem;
    }

    private static string? ProblemOf(ClusterView view, ClientIntents intents)
    {
        var name = $"ClientIntents {intents.Metadata.NamespaceProperty}/{intents.Metadata.Name}";
        if (intents.Status?.ObservedGeneration != intents.Metadata.Generation)
        {
            return $"{name} is of generation {intents.Metadata.Generation}, its status of {intents.Status?.ObservedGeneration}";
        }

        // With restricted egress, one enforced side is enough for a target. MeaningCheck covers that case.
        var states = intents.Status!.Targets!.Select(target => target.State).ToList();
        var expected = intents.Spec.Targets.Select(target => StateOf(view, intents, target)).ToList();
        var isReady = IsTrue(intents.Status.Conditions);
        return view.GetSettings(intents.Metadata.NamespaceProperty!).Egress ? null
            : !states.SequenceEqual(expected) ? $"{name} says {string.Join(", ", states)} and should say {string.Join(", ", expected)}"
            : isReady == expected.Contains(TargetStateNames.Pending) ? $"{name} says it is {(isReady ? "" : "not ")}ready"
            : null;
    }

    private static string? ProblemOf(ClusterView view, ProtectedService protection)
    {
        var (@namespace, name) = (protection.Metadata.NamespaceProperty!, protection.Spec.Workload.Name);
        var expected = view.GetSettings(@namespace).Mode == EnforcementMode.Disabled || view.Named(@namespace, name, protection.Spec.Workload.Kind).Count == 1;
        return protection.Status?.ObservedGeneration != protection.Metadata.Generation || IsTrue(protection.Status?.Conditions) != expected
            ? $"ProtectedService {@namespace}/{name} does not say that it is {(expected ? "" : "not ")}ready"
            : null;
    }

    private static string StateOf(ClusterView view, ClientIntents intents, IntentTarget target)
    {
        if (target.Kubernetes is not { } server)
        {
            return TargetStateNames.Disabled;
        }

        var own = intents.Metadata.NamespaceProperty!;
        var (@namespace, name) = server.Name.Split('.') is [var first, var second] ? (second, first) : (own, server.Name);
        var isThere = view.Named(@namespace, name, null).Count == 1 && view.Named(own, intents.Spec.Workload.Name, null).Count == 1;
        return view.GetSettings(@namespace).Mode switch
        {
            EnforcementMode.Disabled => TargetStateNames.Disabled,
            _ when !isThere => TargetStateNames.Pending,
            EnforcementMode.Shadow when !view.Protections.Any(protection => protection.Metadata.NamespaceProperty == @namespace && protection.Spec.Workload.Name == name) => TargetStateNames.Shadow,
            _ => TargetStateNames.Enforced,
        };
    }

    private static bool IsTrue(List<V1Condition>? conditions) => conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) == true;
}
