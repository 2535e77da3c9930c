using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>The declarations that the policies of one subject come from, for logs and Events.</summary>
/// <param name="plan">The desired policies.</param>
/// <param name="before">The results of the previous reconcile.</param>
internal sealed class PolicySources(PolicyPlan plan, PolicyResults before)
{
    private const int MostNamed = 3;

    /// <summary>
    /// The declarations that need the policy. If there are none: those of its subject, or those of the previous reconcile. Sorted, without
    /// duplicates.
    /// </summary>
    public IReadOnlyList<(string Kind, NamespacedName Name)> GetDeclarations(string policyName)
    {
        var wanted = Declarations(name => name == policyName);
        if (wanted.Count > 0)
        {
            return wanted;
        }

        var about = Declarations(static _ => true);
        return about.Count > 0
            ? about
            : InOrder(before.Protections.Keys, before.Calls.Keys);
    }

    /// <summary>The declarations as text, at most a few of them.</summary>
    public string Describe(string policyName)
    {
        var all = GetDeclarations(policyName);
        var named = string.Join(", ", all.Take(MostNamed).Select(declaration => $"{declaration.Kind} {declaration.Name}"));
        return all.Count switch
        {
            0 => "no known declaration",
            > MostNamed => $"{named} and {all.Count - MostNamed} more",
            _ => named,
        };
    }

    private List<(string Kind, NamespacedName Name)> Declarations(Func<string?, bool> isMeant) => InOrder(
        plan.ProtectionResults.Where(protection => isMeant(protection.PolicyName)).Select(protection => protection.Protection),
        plan.IntentResults.Where(call => isMeant(call.PolicyName)).Select(call => call.Intents));

    private static List<(string Kind, NamespacedName Name)> InOrder(
        IEnumerable<NamespacedName> protections, IEnumerable<NamespacedName> intents) =>
        [.. Named(nameof(ProtectedService), protections), .. Named(nameof(ClientIntents), intents)];

    private static IEnumerable<(string Kind, NamespacedName Name)> Named(string kind, IEnumerable<NamespacedName> names) =>
        names.Distinct().OrderBy(name => name.ToString(), StringComparer.Ordinal).Select(name => (kind, name));
}
