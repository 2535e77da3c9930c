using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Workloads;

/// <summary>
/// The workloads that a status names as the client. A client that is gone is known from there when the operator has restarted since: its
/// Pods may still run.
/// </summary>
public static class RecordedClients
{
    private const int MaxEntries = 16;
    private const int MaxLabels = 100;

    /// <summary>What the status is to say after a decision.</summary>
    /// <param name="intents">With the status before.</param>
    /// <param name="verdicts">Those on its targets, in all clusters.</param>
    internal static List<ClientPods>? Next(ClientIntents intents, IReadOnlyCollection<CallVerdict> verdicts)
    {
        var known = verdicts.Where(verdict => verdict.Client is { } client && client.Kind != WorkloadKindNames.Pods && IsStorable(client.PodSelector))
            .Select(verdict => (Pods: verdict.Client!, verdict.IsClientOnHosts))
            .Distinct()
            .OrderBy(client => client.Pods.Kind, StringComparer.Ordinal)
            .ThenBy(client => SelectedPods.NameOf(client.Pods.Name, client.Pods.PodSelector), StringComparer.Ordinal)
            .Select(client => new ClientPods
            {
                Kind = client.Pods.Kind,
                Name = client.Pods.Name,
                PodSelector = client.Pods.PodSelector,
                HostNetwork = client.IsClientOnHosts ? true : null,
            })
            .ToList();

        // Where one side does not know the client, perhaps because a cluster cannot be reached, what it was before still holds.
        if (known.Count == 0 || verdicts.Any(verdict => verdict.Client is null))
        {
            var before = (intents.Status?.Clients ?? []).Where(client => client.Name == intents.Spec.Workload.Name);
            known.AddRange(before.Where(client => !known.Exists(other => other.Kind == client.Kind && SelectorEquality.Same(other.PodSelector, client.PodSelector))).ToList());
        }

        return known.Count == 0 ? null : [.. known.Take(MaxEntries)];
    }

    /// <summary>The client that a declaration means, as its status names it.</summary>
    /// <param name="intents">The declaration.</param>
    /// <param name="reference">What it names as the client.</param>
    /// <param name="existing">The policies in force about the server.</param>
    /// <returns>Those that a policy in force allows, if there are policies; a status alone opens nothing that is closed.</returns>
    public static IReadOnlyList<Workload> Of(ClientIntents intents, WorkloadReference reference, IReadOnlyCollection<V1NetworkPolicy> existing)
    {
        ArgumentNullException.ThrowIfNull(intents);
        ArgumentNullException.ThrowIfNull(existing);
        var clients = new List<Workload>();
        foreach (var client in intents.Status?.Clients ?? [])
        {
            if (client.Name != reference.Name
                || !WorkloadKindNames.TryParse(client.Kind, out var kind)
                || (reference.Kind is { } wanted && wanted != kind)
                || SelectorRules.Refusal("", client.PodSelector) is not null)
            {
                continue;
            }

            var workload = Workload.Gone(kind, reference.Namespace, client.Name, client.PodSelector) with { HostNetwork = client.HostNetwork == true };
            var isInForce = existing.Count == 0 || workload.HostNetwork || existing.Any(policy => RetainedRules.Allows(policy, workload.Subject));
            if (isInForce && !workload.SelectsEverything)
            {
                clients.Add(workload);
            }
        }

        return clients;
    }

    // The schema's bounds: a status that the API server refuses would say nothing at all.
    private static bool IsStorable(V1LabelSelector selector) =>
        selector is { MatchLabels: null or { Count: <= MaxLabels }, MatchExpressions: null or { Count: <= MaxLabels } }
        && selector.MatchExpressions?.Exists(static requirement => requirement.Values?.Count > MaxLabels) != true
        && SelectorRules.Refusal("", selector) is null;
}
