using System.Net;
using k8s.Models;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>The inputs for planning the egress of one client.</summary>
public sealed record ClientInputs
{
    /// <summary>The client.</summary>
    public required PolicyKey Key { get; init; }

    /// <summary>The targets of all ClientIntents of the client. If egress is not restricted, only internet targets.</summary>
    public IReadOnlyList<EgressIntent> Targets { get; init; } = [];

    /// <summary>True while a domain has not been looked up for the first time.</summary>
    public bool HasPendingLookups => Answers.Any(answer => !answer.IsKnown);

    /// <summary>
    /// True while no nameserver has answered for one of the domains since the operator started, or while an earlier process may have opened
    /// more addresses of one than are known.
    /// </summary>
    public bool HasUnansweredDomains => Answers.Any(answer => !answer.IsComplete);

    /// <summary>When an address expires that the client's Pods got, so that the plan changes. Null for never.</summary>
    public TimeSpan? ReplanAfter { get; init; }

    /// <summary>
    /// The client's policies before the first lookup of its oldest unresolved domain. The addresses that they allow for an unresolved
    /// domain stay allowed.
    /// </summary>
    public IReadOnlyList<V1NetworkPolicy> PoliciesBeforeLookup { get; init; } = [];

    /// <summary>The addresses of the cluster's Pods and Services, which the answer for a domain does not open.</summary>
    public IReadOnlyList<IPNetwork> ClusterRanges { get; init; } = [];

    /// <summary>Every workload of that name in that namespace.</summary>
    public IReadOnlyList<Workload> Candidates { get; init; } = [];

    /// <summary>Workloads of that name that do not exist now, as they were last known: their Pods may still run.</summary>
    public IReadOnlyList<Workload> LastKnown { get; init; } = [];

    /// <summary>The policies about the client that this installation wrote and that are in force.</summary>
    public IReadOnlyList<V1NetworkPolicy> ExistingPolicies { get; init; } = [];

    /// <summary>
    /// Whether a declaration of the client is invalid and an earlier generation stays enforced. The rules of that generation stay.
    /// </summary>
    public bool IsRetained { get; init; }

    /// <summary>
    /// Whether some declaration in the namespace is invalid while an earlier generation of it is in force. That may have named another
    /// client than it does now, so a policy that nothing else declares stays.
    /// </summary>
    public bool HasRetainedNeighbor { get; init; }

    /// <summary>The workloads of ProtectedServices with ownPods false.</summary>
    public IReadOnlyList<ParsedWorkloadRef> WorkloadsWithoutOwnPods { get; init; } = [];

    /// <summary>The known address ranges of the cluster.</summary>
    public ClusterNetwork Network { get; init; } = new();

    /// <summary>False when the namespace does not exist or is being deleted.</summary>
    public required bool NamespaceExists { get; init; }

    /// <summary>The settings of the client's namespace.</summary>
    public required NamespaceSettings Settings { get; init; }

    private IEnumerable<DomainAnswer> Answers =>
        Targets.SelectMany(target => (target.Destination as Destination.ToInternet)?.Answers ?? []);
}
