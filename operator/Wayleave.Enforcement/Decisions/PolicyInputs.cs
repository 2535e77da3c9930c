using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>The inputs for planning the policies of one server or client, gathered from the caches. Planning reads nothing else.</summary>
public abstract record PolicyInputs
{
    /// <summary>The server or client.</summary>
    public required PolicyKey Key { get; init; }

    /// <summary>
    /// Every workload of that name in that namespace, owned ones too, and Pods that a declaration names by their labels. Empty for a
    /// Service.
    /// </summary>
    public IReadOnlyList<Workload> Candidates { get; init; } = [];

    /// <summary>Workloads of that name that do not exist now, as they were last known: their Pods may still run.</summary>
    public IReadOnlyList<Workload> LastKnown { get; init; } = [];

    /// <summary>The policies about the server or client that this installation wrote and that are in force.</summary>
    public IReadOnlyList<V1NetworkPolicy> ExistingPolicies { get; init; } = [];

    /// <summary>False when the namespace does not exist or is being deleted, where nothing can be written.</summary>
    public required bool NamespaceExists { get; init; }

    /// <summary>The settings of the namespace.</summary>
    public required NamespaceSettings Settings { get; init; }

    /// <summary>The known address ranges of the cluster.</summary>
    public ClusterNetwork Network { get; init; } = new();

    /// <summary>The subjects of the policies in force, without the cluster's DNS.</summary>
    internal IEnumerable<PolicySubject> SubjectsInForce => ExistingPolicies
        .Select(PolicyMetadataReader.ReadSubject)
        .OfType<PolicySubject>()
        .Where(subject => !SelectsDns(subject.PodSelector));

    /// <summary>
    /// The Pods that a name means, with their workload. There are several if the name is ambiguous, and none if the Pods are those of the
    /// cluster's DNS or all use the host network. If there is no workload, the Pods of the policies in force, because they may still run:
    /// with the last known workload, or with null if they are only known from the policy.
    /// </summary>
    internal IEnumerable<(PolicySubject Subject, Workload? Workload)> FindSubjects(
        ParsedWorkloadRef wanted, WorkloadResolution resolution) => resolution switch
        {
            WorkloadResolution.Found { Workload: var found } =>
                found.AllPodsUseHostNetwork || SelectsDns(found.PodSelector) ? [] : [(found.Subject, found)],
            WorkloadResolution.Ambiguous ambiguous => Candidates
                .Where(candidate => ambiguous.Kinds.Contains(candidate.Kind) && !candidate.SelectsEverything)
                .Where(candidate => !SelectsDns(candidate.PodSelector))
                .Select(candidate => (candidate.Subject, (Workload?)candidate)),
            _ => SubjectsInForce
                .Where(subject => wanted.Kind is { } kind ? subject.Kind == kind.Name() : subject.Kind != WorkloadKindParser.Pods)
                .Where(subject => resolution is not WorkloadResolution.NotFound || !Candidates.Any(subject.IsOf))
                .Select(WithLastKnown),
        };

    /// <summary>Whether a policy for these Pods would be a policy for the cluster's DNS.</summary>
    internal bool SelectsDns(V1LabelSelector pods) => Network.SelectsDns(Key.Namespace, pods);

    // Another writer may have changed the Pod selector of the policy.
    private (PolicySubject Subject, Workload? Workload) WithLastKnown(PolicySubject subject)
    {
        var known = LastKnown.FirstOrDefault(workload => workload.Kind.Name() == subject.Kind && !SelectsDns(workload.PodSelector));
        return (known?.Subject ?? subject, known);
    }
}

/// <summary>The inputs for planning the ingress of one server.</summary>
public sealed record ServerInputs : PolicyInputs
{
    /// <summary>The calls that name it, in any order.</summary>
    public IReadOnlyList<IngressIntent> Intents { get; init; } = [];

    /// <summary>
    /// The protections that name it. For a Service: those of the workloads whose pods it selects. With them, the policy is written in mode
    /// Shadow too, so that a protection does not lock out a declared client. Their own results come from the workload's key.
    /// </summary>
    public IReadOnlyList<ProtectedService> Protections { get; init; } = [];

    /// <summary>
    /// For a Service: protections with an ambiguous name that may mean a workload whose Pods the Service selects. They neither create nor
    /// delete the policy of the Service. Empty for a workload.
    /// </summary>
    public IReadOnlyList<ProtectedService> PossibleProtections { get; init; } = [];

    /// <summary>The Service, when the server is one; as it was last known when it does not exist now.</summary>
    public PartialService? Service { get; init; }

    /// <summary>Whether <see cref="Service"/> exists.</summary>
    public bool IsServicePresent { get; init; } = true;

    /// <summary>The workloads whose Pods the Service selects. Empty for a workload.</summary>
    public IReadOnlyList<Workload> Backends { get; init; } = [];

    /// <summary>Services in the server's namespace that could lead to its Pods, with what exposes them outside the cluster.</summary>
    public IReadOnlyList<ExposedService> Services { get; init; } = [];

    /// <summary>Pods that forward the API server's calls, in clusters with a remote control plane.</summary>
    public IReadOnlyList<Workload> ApiServerProxies { get; init; } = [];

    /// <summary>
    /// Whether the caches of Ingresses, routes and webhooks have synced. Deciding earlier could block traffic from outside.
    /// </summary>
    public bool IsExposureKnown { get; init; } = true;

    /// <summary>Namespaces with declarations about the server whose present spec is invalid: what an earlier one allowed stays.</summary>
    public IReadOnlySet<string> RetainedNamespaces { get; init; } = new HashSet<string>();

    /// <summary>Whether a protection in the server's namespace is invalid while an earlier generation of it is in force.</summary>
    public bool HasRetainedProtection { get; init; }

    /// <summary>False when the operator does not watch the server's namespace.</summary>
    public bool IsWatched { get; init; } = true;

    /// <summary>True while the decision has to wait until it is known what exposes servers outside the cluster.</summary>
    public bool MustWaitForExposure => Settings.AllowsExternal && Settings.Mode != EnforcementMode.Disabled && !IsExposureKnown;
}

/// <summary>The inputs for planning the egress of one client.</summary>
public sealed record ClientInputs : PolicyInputs
{
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

    private IEnumerable<DomainAnswer> Answers =>
        Targets.SelectMany(target => (target.Destination as Destination.ToInternet)?.Answers ?? []);
}
