using k8s.Models;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;

namespace Wayleave.Cli.Planning;

/// <summary>Compares what the operator makes of two states of the declarations.</summary>
internal static class PolicyComparison
{
    /// <summary>The policies that differ after the operator has acted on each state, in order.</summary>
    public static IReadOnlyList<PolicyChange> Compare(PolicyForecast before, PolicyForecast after)
    {
        var (old, now) = (ResultsOf(before), ResultsOf(after));
        var changes = new List<PolicyChange>();
        foreach (var name in old.Keys.Union(now.Keys)
            .OrderBy(name => name.Namespace, StringComparer.Ordinal)
            .ThenBy(name => name.Name, StringComparer.Ordinal))
        {
            var (left, right) = (old.GetValueOrDefault(name), now.GetValueOrDefault(name));
            if (right?.Action == PolicyAction.Refuse)
            {
                if (left?.Action != PolicyAction.Refuse)
                {
                    changes.Add(right);
                }
            }
            else if (Action(left?.After, right?.After) is { } action)
            {
                changes.Add(new PolicyChange(action, left?.After, right?.After));
            }
        }

        return changes;
    }

    private static PolicyAction? Action(V1NetworkPolicy? before, V1NetworkPolicy? after) => (before, after) switch
    {
        (null, null) => null,
        (null, _) => PolicyAction.Create,
        (_, null) => PolicyAction.Delete,
        _ => PolicyEquality.Matches(before, after) ? null : PolicyAction.Update,
    };

    private static Dictionary<NamespacedName, PolicyChange> ResultsOf(PolicyForecast forecast) =>
        forecast.Changes().GroupBy(change => change.Name).ToDictionary(changes => changes.Key, changes => changes.Last());
}
