using k8s.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>The difference between two versions of a NetworkPolicy, in rules.</summary>
/// <param name="Lines">One for each rule, with <c>+</c> or <c>-</c>; at most <see cref="MaxLines"/>.</param>
/// <param name="Omitted">How many more rules differ.</param>
public sealed record RuleChanges(IReadOnlyList<string> Lines, int Omitted)
{
    public const int MaxLines = 20;

    /// <summary>Compares two versions. A rule that moved within the policy is no difference.</summary>
    /// <param name="before">Null if there was no policy.</param>
    /// <param name="after">Null if there is no policy.</param>
    public static RuleChanges Between(V1NetworkPolicy? before, V1NetworkPolicy? after)
    {
        var old = Describe(before?.Spec).ToHashSet(StringComparer.Ordinal);
        var now = Describe(after?.Spec).ToHashSet(StringComparer.Ordinal);
        List<string> lines =
        [
            .. old.Where(rule => !now.Contains(rule)).Select(rule => $"- {rule}"),
            .. now.Where(rule => !old.Contains(rule)).Select(rule => $"+ {rule}"),
        ];
        var omitted = Math.Max(0, lines.Count - MaxLines);
        return new RuleChanges(omitted == 0 ? lines : lines.GetRange(0, MaxLines), omitted);
    }

    // The Pods and the directions come first, because a change of them changes what every rule means.
    private static IEnumerable<string> Describe(V1NetworkPolicySpec? spec)
    {
        if (spec is null)
        {
            yield break;
        }

        yield return $"selects {(RuleText.Selector(spec.PodSelector ?? new V1LabelSelector()) is { Length: > 0 } pods ? pods : "all Pods")}";
        yield return $"isolates {string.Join(" and ", spec.PolicyTypes ?? ["Ingress"]).ToLowerInvariant()}";
        foreach (var rule in spec.Ingress ?? [])
        {
            yield return $"from {RuleText.Peers(rule.FromProperty)} to ports {RuleText.Ports(rule.Ports)}";
        }

        foreach (var rule in spec.Egress ?? [])
        {
            yield return $"to {RuleText.Peers(rule.To)}, ports {RuleText.Ports(rule.Ports)}";
        }
    }
}
