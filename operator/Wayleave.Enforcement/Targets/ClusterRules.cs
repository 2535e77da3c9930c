using Wayleave.Api;

namespace Wayleave.Enforcement.Targets;

/// <summary>Which selections of clusters can be enforced: only this cluster, for now.</summary>
internal static class ClusterRules
{
    private const string Local = "local";

    /// <summary>
    /// A selection that asks for more is refused as a whole: in force here and nowhere else, it would look enforced.
    /// </summary>
    public static Verdict? Refusal(ClusterSelection? clusters)
    {
        if (clusters?.Selector is not null)
        {
            return Refusal("spec.clusters.selector");
        }

        return clusters?.Names?.Exists(name => name != Local) == true ? Refusal("spec.clusters.names") : null;
    }

    private static Verdict Refusal(string field) =>
        Verdict.Failed(Reasons.ClustersNotSupported, $"{field}: only the cluster \"{Local}\" can be enforced in (leave clusters out)");
}
