using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>The inputs for planning the ingress of one server, gathered from the caches. Planning reads nothing else.</summary>
public sealed record ServerInputs
{
    /// <summary>The server.</summary>
    public required PolicyKey Key { get; init; }

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

    /// <summary>
    /// Every workload of that name in that namespace, owned ones too, and Pods that a declaration names by their labels. Empty for a
    /// Service.
    /// </summary>
    public IReadOnlyList<Workload> Candidates { get; init; } = [];

    /// <summary>Workloads of that name that do not exist now, as they were last known: their Pods may still run.</summary>
    public IReadOnlyList<Workload> LastKnown { get; init; } = [];

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

    /// <summary>The policies about the server that this installation wrote and that are in force.</summary>
    public IReadOnlyList<V1NetworkPolicy> ExistingPolicies { get; init; } = [];

    /// <summary>Namespaces with declarations about the server whose present spec is invalid: what an earlier one allowed stays.</summary>
    public IReadOnlySet<string> RetainedNamespaces { get; init; } = new HashSet<string>();

    /// <summary>Whether a protection in the server's namespace is invalid while an earlier generation of it is in force.</summary>
    public bool HasRetainedProtection { get; init; }

    /// <summary>False when the server's namespace does not exist or is being deleted, where nothing can be written.</summary>
    public required bool NamespaceExists { get; init; }

    /// <summary>False when the operator does not watch the server's namespace.</summary>
    public bool IsWatched { get; init; } = true;

    /// <summary>The settings of the server's namespace.</summary>
    public required NamespaceSettings Settings { get; init; }

    /// <summary>The known address ranges of the cluster.</summary>
    public ClusterNetwork Network { get; init; } = new();

    /// <summary>True while the decision has to wait until it is known what exposes servers outside the cluster.</summary>
    public bool MustWaitForExposure => Settings.AllowsExternal && Settings.Mode.Mode != EnforcementMode.Disabled && !IsExposureKnown;
}
