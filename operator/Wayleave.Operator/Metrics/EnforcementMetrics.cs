using System.Diagnostics.Metrics;
using Wayleave.Api;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;

namespace Wayleave.Operator.Metrics;

/// <summary>Metrics of declarations and policies, read from the caches on each scrape. No label contains a name.</summary>
internal sealed class EnforcementMetrics(IMeterFactory meters, DeclarationCache declarations, ClusterComponents local)
{
    /// <summary>Creates the instruments. Call once, before anything is measured.</summary>
    public void Register()
    {
        var meter = meters.Create(OperatorMetrics.MeterName);
        meter.CreateObservableGauge(
            "wayleave_client_intents", () => (long)declarations.Intents.Store.Count, description: "ClientIntents resources.");
        meter.CreateObservableGauge(
            "wayleave_protected_services", () => (long)declarations.Protections.Store.Count, description: "ProtectedService resources.");
        meter.CreateObservableGauge(
            "wayleave_enforcement_policies",
            () => (long)declarations.Enforcements.Store.Count,
            description: "EnforcementPolicy resources.");
        meter.CreateObservableGauge(
            "wayleave_kafka_server_configs",
            () => (long)declarations.KafkaServers.Store.Count,
            description: "KafkaServerConfig resources.");
        meter.CreateObservableGauge(
            "wayleave_targets", Targets, description: "Targets of ClientIntents, by type and by the state in their status.");
        meter.CreateObservableGauge("wayleave_namespaces", Namespaces, description: "Namespaces, by enforcement mode.");
        meter.CreateObservableGauge("wayleave_network_policies", Policies, description: "NetworkPolicies of the operator, by direction.");
        meter.CreateObservableGauge(
            "wayleave_shadowed_network_policies",
            () => (long)local.Results.ShadowedPolicies,
            description: "NetworkPolicies that would exist if the mode were Enforce instead of Shadow.");
        meter.CreateObservableGauge(
            "wayleave_domains", () => (long)local.Domains.Count, description: "Domains of internet targets that are looked up.");
    }

    private IEnumerable<Measurement<long>> Targets() => declarations.Intents.Store.List()
        .SelectMany(intents => intents.Status?.Targets ?? [])
        .CountBy(target => (target.Type, target.State))
        .Select(count => new Measurement<long>(count.Value, Tag("type", count.Key.Type), Tag("state", count.Key.State)));

    private IEnumerable<Measurement<long>> Namespaces() => local.Cache.Namespaces.Store.List()
        .CountBy(entry => local.Governance.GetSettings(entry.Metadata.Name ?? "").Mode)
        .Select(count => new Measurement<long>(count.Value, Tag("mode", count.Key.ToString())));

    private IEnumerable<Measurement<long>> Policies() =>
    [
        new(local.Cache.Policies.Store.CountByIndex(Indexers.Direction, WayleaveLabels.Ingress), Tag("direction", WayleaveLabels.Ingress)),
        new(local.Cache.Policies.Store.CountByIndex(Indexers.Direction, WayleaveLabels.Egress), Tag("direction", WayleaveLabels.Egress)),
    ];

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}

/// <summary>Counts DNS lookups. The names are not labels: there may be thousands, and they say whom a team talks to.</summary>
internal sealed class DomainMetrics
{
    private readonly Counter<long> _lookups;

    public DomainMetrics(IMeterFactory meters)
    {
        _lookups = meters.Create(OperatorMetrics.MeterName).CreateCounter<long>(
            "wayleave_domain_lookups_total", description: "Lookups of domains of internet targets, by result: answered or failed.");
        Count(answered: true, 0);
        Count(answered: false, 0);
    }

    public void LookedUp(bool answered) => Count(answered, 1);

    private void Count(bool answered, int lookups) =>
        _lookups.Add(lookups, new KeyValuePair<string, object?>("result", answered ? "answered" : "failed"));
}

/// <summary>Counts writes that undo what other writers did.</summary>
internal sealed class WriteMetrics
{
    /// <summary>The kind under which conflicts about policies are counted; those about a status are counted under the object's.</summary>
    public const string PolicyKind = "NetworkPolicy";

    private readonly Counter<long> _repairs;
    private readonly Counter<long> _conflicts;

    private static string[] Kinds =>
    [
        PolicyKind, nameof(ClientIntents), nameof(ProtectedService), nameof(EnforcementPolicy), nameof(KafkaServerConfig), nameof(Cluster),
    ];

    public WriteMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(OperatorMetrics.MeterName);
        _repairs = meter.CreateCounter<long>(
            "wayleave_policy_repairs_total",
            description: "NetworkPolicies that were restored after another writer had changed or deleted them.");
        _conflicts = meter.CreateCounter<long>(
            "wayleave_write_conflicts_total",
            description: "Writes that had to be repeated within a short time because another writer undid them, by kind.");
        _repairs.Add(0);
        foreach (var kind in Kinds)
        {
            _conflicts.Add(0, KindTag(kind));
        }
    }

    public void Repaired() => _repairs.Add(1);

    public void Conflicted(string kind) => _conflicts.Add(1, KindTag(kind));

    private static KeyValuePair<string, object?> KindTag(string kind) => new("kind", kind);
}
