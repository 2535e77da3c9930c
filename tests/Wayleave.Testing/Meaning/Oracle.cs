namespace Wayleave.Testing.Meaning;

/// <summary>
/// Says what the declarations mean, moment after moment. It remembers one thing from one moment to the next: who was restricted, since an
/// ambiguous name leaves that as it is.
/// </summary>
public sealed class Oracle
{
    private HashSet<(string Namespace, string Policy)> _before = [];

    /// <summary>Looks at the cluster after a step.</summary>
    /// <param name="view">The cluster as it is.</param>
    /// <param name="isPlain">False when more than one thing happened, or drift: what an ambiguous name left in place is then seen, not said.</param>
    public Judgement Look(ClusterView view, bool isPlain)
    {
        var there = view.Policies.Select(policy => (policy.Metadata.NamespaceProperty!, policy.Metadata.Name!)).ToHashSet();
        var known = isPlain ? _before : there;
        var ingress = new IngressOracle(view, subject => known.Contains(subject.Id));
        var egress = new EgressOracle(view, subject => known.Contains(subject.Id));
        _before = [.. ingress.Closed.Concat(egress.Bound).Select(subject => subject.Id)];
        return new Judgement(ingress, egress);
    }
}
