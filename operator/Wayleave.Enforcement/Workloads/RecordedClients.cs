using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Enforcement.Workloads;

/// <summary>
/// The clients in the status. After a restart, a client that no longer exists is known only from there. Its Pods may still run.
/// </summary>
public static class RecordedClients
{
    // The schema's bounds.
    private const int MaxEntries = 1000;
    private const int MaxLabels = 100;

    /// <summary>The new value of status.clients.</summary>
    /// <param name="intents">With the status before.</param>
    /// <param name="results">The results of its targets in all selected clusters.</param>
    internal static List<ClientPods>? BuildStatus(ClientIntents intents, IReadOnlyCollection<IntentResult> results)
    {
        var entries = results.GroupBy(result => result.Cluster, StringComparer.Ordinal)
            .Select(cluster => (Cluster: cluster.Key, Pods: Known(cluster) ?? Before(intents, cluster.Key)))
            .Where(entry => entry.Pods is not null)
            .GroupBy(
                entry =>
                    (entry.Pods!.Kind, entry.Pods.HostNetwork, Selector: SelectedPods.GetName(entry.Pods.Name, entry.Pods.PodSelector)))
            .OrderBy(same => same.Key.Kind, StringComparer.Ordinal).ThenBy(same => same.Key.Selector, StringComparer.Ordinal)
            .Select(
                same => Entry(same.First().Pods!, [.. same.Select(entry => entry.Cluster).Order(StringComparer.Ordinal).Take(MaxEntries)]))
            .Take(MaxEntries)
            .ToList();
        return entries.Count == 0 ? null : entries;
    }

    /// <summary>The client that a declaration means in a cluster, as its status names it; null when it does not.</summary>
    /// <param name="reference">What it names as the client.</param>
    public static Workload? Find(ClientIntents intents, ParsedWorkloadRef reference, string cluster)
    {
        foreach (var client in intents.Status?.Clients ?? [])
        {
            if (client.Name == reference.Name
                && IsIn(client, cluster)
                && WorkloadKindParser.TryParse(client.Kind, out var kind)
                && (reference.Kind ?? kind) == kind
                && SelectorValidator.Validate("", client.PodSelector) is null)
            {
                var workload = Workload.CreateDeleted(
                    kind, reference.Namespace, client.Name, client.PodSelector) with
                { AllPodsUseHostNetwork = client.HostNetwork == true };
                return workload.SelectsEverything ? null : workload;
            }
        }

        return null;
    }

    private static ClientPods? Known(IEnumerable<IntentResult> results) => results
        .Where(result => result.Client is { } client && client.Kind != WorkloadKindParser.Pods && IsStorable(client.PodSelector))
        .Select(result => new ClientPods
        {
            Kind = result.Client!.Kind,
            Name = result.Client.Name,
            PodSelector = result.Client.PodSelector,
            HostNetwork = result.ClientUsesHostNetwork ? true : null,
        })
        .FirstOrDefault();

    // If the client is unknown now, for example because the cluster is unreachable, keep the previous entry.
    private static ClientPods? Before(ClientIntents intents, string cluster) =>
        (intents.Status?.Clients ?? []).Find(client => client.Name == intents.Spec.Workload.Name && IsIn(client, cluster));

    private static bool IsIn(ClientPods client, string cluster) =>
        client.Clusters?.Contains(cluster) ?? (cluster == ClusterSelectionMatcher.Local);

    private static ClientPods Entry(ClientPods pods, List<string> clusters) => new()
    {
        Kind = pods.Kind,
        Name = pods.Name,
        PodSelector = pods.PodSelector,
        HostNetwork = pods.HostNetwork,
        Clusters = clusters is [ClusterSelectionMatcher.Local] ? null : clusters,
    };

    private static bool IsStorable(V1LabelSelector selector) =>
        selector is { MatchLabels: null or { Count: <= MaxLabels }, MatchExpressions: null or { Count: <= MaxLabels } }
        && selector.MatchExpressions?.Any(static requirement => requirement.Values?.Count > MaxLabels) != true
        && SelectorValidator.Validate("", selector) is null;
}
