using Wayleave.Testing.Semantics;

namespace Wayleave.Operator.Tests.Meaning.Oracles;

/// <summary>
/// Says what the declarations mean, moment after moment. It remembers one thing from one moment to the next: which servers were closed,
/// since an ambiguous name leaves them as they are.
/// </summary>
internal sealed class Oracle
{
    private HashSet<(string Namespace, string Policy)> _closedBefore = [];

    /// <summary>Looks at the cluster after a step.</summary>
    /// <param name="view">The cluster as it is.</param>
    /// <param name="isPlain">False when more than one thing happened, or drift: what an ambiguous name left in place is then seen, not said.</param>
    public IngressOracle Look(ClusterView view, bool isPlain)
    {
        var there = view.Policies.Select(policy => (policy.Metadata.NamespaceProperty!, policy.Metadata.Name!)).ToHashSet();
        var ingress = new IngressOracle(view, server => (isPlain ? _closedBefore : there).Contains(server.Id));
        _closedBefore = [.. ingress.Closed.Select(server => server.Id)];
        return ingress;
    }

    /// <summary>Whether a pod that is open to <paramref name="admissions"/> may be called.</summary>
    public static bool MayReach(ClusterPod client, ClusterPod server, Door door, IReadOnlyList<Admission>? admissions) =>
        admissions is null || ReferenceEquals(client, server) || admissions.Any(admission => admission.IsFor(client) && admission.Opens(door, server));
}
