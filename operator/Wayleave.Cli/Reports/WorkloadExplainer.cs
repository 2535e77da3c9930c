using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;

namespace Wayleave.Cli.Reports;

/// <summary>Explains the effective policy of a workload: what the operator decides about it, and what is not in force.</summary>
/// <param name="forecast">What the operator decides.</param>
/// <param name="policies">All NetworkPolicies of the workload's namespace, those of other owners too.</param>
/// <param name="now">For statuses.</param>
internal sealed class WorkloadExplainer(PolicyForecast forecast, IReadOnlyList<V1NetworkPolicy> policies, DateTimeOffset now)
{
    private readonly RuleOrigins _origins = new(forecast);
    private readonly Dictionary<NamespacedName, ClientIntentsStatus> _statuses = [];

    public WorkloadReport Explain(Workload workload)
    {
        var settings = forecast.Snapshot.Settings.GetSettings(workload.Namespace);
        var from = settings.Policy is { } policy ? $"enforcementpolicy/{policy}"
            : settings.Mode.Reason == Reasons.SystemNamespace ? "system namespace"
            : "the operator's default";
        return new WorkloadReport(
            WorkloadName.Show(workload.Kind.Name(), workload.DeclaredName), workload.Namespace, settings.Mode.Mode.ToString(), from)
        {
            Ingress = Direction(workload, ServersOf(workload), SubjectType.Workload),
            Egress = Direction(workload, [KeyOf(workload, SubjectType.Client)], SubjectType.Client),
            Targets = [.. TargetsOf(workload)],
            NotInForce = [.. CallersNotInForce(workload).Concat(ProtectionsNotInForce(workload))],
        };
    }

    // The workload itself, and the declared Services in front of it.
    private List<PolicyKey> ServersOf(Workload workload)
    {
        var services = forecast.Snapshot.Cache.Services.Store.ServicesFor(workload.Namespace, workload.PodLabels)
            .Select(service => new PolicyKey(SubjectType.Service, workload.Namespace, service.Metadata.Name!))
            .Distinct()
            .OrderBy(service => service.Name, StringComparer.Ordinal);
        return [KeyOf(workload, SubjectType.Workload), .. services];
    }

    private static PolicyKey KeyOf(Workload workload, SubjectType type) => new(type, workload.Namespace, workload.DeclaredName);

    private DirectionReport Direction(Workload workload, IReadOnlyList<PolicyKey> keys, SubjectType type)
    {
        var reports = new List<PolicyReport>();
        var rules = new List<RuleReport>();
        foreach (var change in keys.SelectMany(forecast.ChangesOf).Where(change => change.After is { } after && Selects(after, workload)))
        {
            reports.Add(new PolicyReport(RuleOrigins.NameOf(change.After!), StateOf(change.Action)));
            rules.AddRange(RulesOf(change.After!, type, isOurs: true));
        }

        foreach (var foreign in policies.Where(policy => !IsPlanned(policy) && HasType(policy, type) && Selects(policy, workload)))
        {
            reports.Add(new PolicyReport(RuleOrigins.NameOf(foreign), "of another owner"));
            rules.AddRange(RulesOf(foreign, type, isOurs: false));
        }

        return new DirectionReport(!workload.AllPodsUseHostNetwork && reports.Count > 0) { Policies = reports, Rules = rules };
    }

    private IEnumerable<RuleReport> RulesOf(V1NetworkPolicy policy, SubjectType type, bool isOurs)
    {
        var key = isOurs ? PolicyMetadataReader.ReadKey(policy) : null;
        if (type == SubjectType.Client)
        {
            foreach (var rule in policy.Spec!.Egress ?? [])
            {
                var (peer, from) = _origins.OfEgress(policy, rule, key);
                yield return new RuleReport(peer, RuleText.Ports(rule.Ports), from);
            }
        }
        else
        {
            foreach (var rule in policy.Spec!.Ingress ?? [])
            {
                var (peer, from) = _origins.OfIngress(policy, rule, key);
                yield return new RuleReport(peer, RuleText.Ports(rule.Ports), from);
            }
        }
    }

    private static string StateOf(PolicyAction action) => action switch
    {
        PolicyAction.None => "up to date",
        PolicyAction.Create => "missing; the operator has not written it",
        _ => "differs; the operator has not updated it",
    };

    private bool IsPlanned(V1NetworkPolicy policy) => forecast.Snapshot.Cache.Owner.MayUpdate(policy)
        && PolicyMetadataReader.ReadKey(policy) is not null;

    private static bool HasType(V1NetworkPolicy policy, SubjectType type)
    {
        var types = policy.Spec?.PolicyTypes ?? [];
        return type == SubjectType.Client
            ? types.Contains("Egress") || (types.Count == 0 && policy.Spec?.Egress is { Count: > 0 })
            : types.Contains("Ingress") || types.Count == 0;
    }

    private static bool Selects(V1NetworkPolicy policy, Workload workload) =>
        policy.Metadata.NamespaceProperty == workload.Namespace
        && (policy.Spec?.PodSelector is not { } selector || SelectorMatch.Matches(selector, workload.PodLabels));

    private IEnumerable<TargetReport> TargetsOf(Workload workload)
    {
        var client = KeyOf(workload, SubjectType.Client);
        foreach (var intents in forecast.Snapshot.Clients.Declarations(client)
            .Where(intents => Means(intents.Parse().Client, workload)))
        {
            var targets = StatusOf(intents).Targets ?? [];
            for (var i = 0; i < targets.Count; i++)
            {
                yield return Report(targets[i], $"{targets[i].Type} {targets[i].Name}", NamespacedName.From(intents), i);
            }
        }
    }

    private IEnumerable<TargetReport> CallersNotInForce(Workload workload)
    {
        foreach (var result in ServersOf(workload).SelectMany(server => forecast.PlanOf(server).IntentResults))
        {
            var intents = forecast.Snapshot.Cache.Intents.Store.Get(result.Intents)!;
            var targets = StatusOf(intents).Targets ?? [];
            if (result.TargetIndex < targets.Count && targets[result.TargetIndex] is var target && target.State != TargetStates.Enforced)
            {
                yield return Report(
                    target, $"{intents.Spec.Workload.Name}.{result.Intents.Namespace}", result.Intents, result.TargetIndex);
            }
        }
    }

    private IEnumerable<TargetReport> ProtectionsNotInForce(Workload workload)
    {
        foreach (var result in forecast.PlanOf(KeyOf(workload, SubjectType.Workload)).ProtectionResults
            .Where(result => result.Result.State != TargetStates.Enforced))
        {
            yield return new TargetReport(
                "protection", result.Result.State, result.Result.Reason, result.Result.Message,
                $"protectedservice/{result.Protection.Name}.{result.Protection.Namespace}");
        }
    }

    private static TargetReport Report(TargetStatus target, string peer, NamespacedName intents, int index) =>
        new(peer, target.State, target.Reason, target.Message, RuleOrigins.FieldOf(intents, index));

    private static bool Means(ParsedWorkloadRef? reference, Workload workload) =>
        reference is { } named && (named.Kind is null || named.Kind == workload.Kind || named.Selector is not null);

    // The status that the operator would write.
    private ClientIntentsStatus StatusOf(ClientIntents intents)
    {
        var name = NamespacedName.From(intents);
        if (!_statuses.TryGetValue(name, out var status))
        {
            var keys = intents.Parse().Servers.Concat(intents.Parse().ClientKey is { } client ? [client] : []);
            var results = keys.SelectMany(key => forecast.PlanOf(key).IntentResults).Where(result => result.Intents == name);
            _statuses[name] = status = ClientIntentsStatusBuilder.Build(intents, results, now);
        }

        return status;
    }
}
