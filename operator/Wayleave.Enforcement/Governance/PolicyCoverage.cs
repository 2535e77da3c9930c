namespace Wayleave.Enforcement.Governance;

/// <summary>The namespaces that a policy applies to, and those where another policy has precedence.</summary>
/// <param name="Namespaces">How many namespaces it governs.</param>
/// <param name="Workloads">How many workloads there are in those.</param>
/// <param name="Overridden">The namespaces that it selects and another governs, each with its governor, by name.</param>
public sealed record PolicyCoverage(
    int Namespaces, int Workloads, IReadOnlyList<(string Namespace, ParsedEnforcementPolicy Governor)> Overridden)
{
    /// <summary>Computes the coverage over all namespaces.</summary>
    public static PolicyCoverage Compute(
        EnforcementPolicyResolver governance, ParsedEnforcementPolicy policy, IEnumerable<NamespaceEntry> namespaces)
    {
        var governed = 0;
        var workloads = 0;
        var overridden = new List<(string Namespace, ParsedEnforcementPolicy Governor)>();
        foreach (var entry in namespaces)
        {
            if (!governance.Selects(policy, entry.Name, entry.Labels))
            {
                continue;
            }

            var governor = governance.FindPolicy(entry.Name, entry.Labels);
            if (governor is null || governor.Name == policy.Name)
            {
                governed++;
                workloads += entry.Workloads;
            }
            else
            {
                overridden.Add((entry.Name, governor));
            }
        }

        overridden.Sort(static (left, right) => string.CompareOrdinal(left.Namespace, right.Namespace));
        return new PolicyCoverage(governed, workloads, overridden);
    }
}
