using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Observation.Proposals;

/// <summary>What the cluster has beside the map. Immutable.</summary>
/// <param name="workloads">All workloads of the cluster.</param>
internal sealed class MapFacts(IEnumerable<Workload> workloads, IEnumerable<PartialService> services) : IServerDirectory
{
    private readonly Dictionary<WorkloadId, Workload> _workloads = workloads.DistinctBy(ToId).ToDictionary(ToId);
    private readonly Dictionary<NamespacedName, PartialService> _services = services.ToDictionary(NamespacedName.From);

    /// <summary>Nothing is known: what depends on it is compared by its name.</summary>
    public static MapFacts None { get; } = new([], []) { AreKnown = false };

    public bool AreKnown { get; private init; } = true;

    /// <summary>Whether targets can only be compared with the map by what is known. Names and numbers alone are compared without.</summary>
    public static bool AreNeededFor(ClientIntents intents)
    {
        var parsed = intents.Parse();
        return parsed.Client?.Selector is not null || parsed.Targets.Any(target => target.Reference is { } reference
            && (reference.Workload is null or { Selector: not null } || reference.Ports.Any(port => port.Name is not null)));
    }

    /// <summary>Null if it is not known.</summary>
    public Workload? FindWorkload(WorkloadId id) => _workloads.GetValueOrDefault(id);

    public PartialService? FindService(string @namespace, string name) => _services.GetValueOrDefault(new NamespacedName(@namespace, name));

    public IReadOnlyList<Workload> FindWorkloads(string @namespace, string name) =>
        [.. Enum.GetValues<WorkloadKind>().Select(kind => FindWorkload(new WorkloadId(@namespace, kind.Name(), name))).OfType<Workload>()];

    public IReadOnlyList<Workload> FindBackends(PartialService service) => service.Spec?.Selector is { Count: > 0 } labels
        ? [.. _workloads.Values.Where(workload => workload.Namespace == service.Metadata.NamespaceProperty
            && SelectorMatch.Matches(new V1LabelSelector { MatchLabels = labels }, workload.PodLabels))]
        : [];

    private static WorkloadId ToId(Workload workload) => new(workload.Namespace, workload.Kind.Name(), workload.Name);
}
