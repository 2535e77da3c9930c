using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Connectivity;
using Wayleave.Enforcement.Policies;
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
    private const string NotManaged = "not managed by Wayleave";
    private readonly RuleOrigins _origins = new(forecast);
    private readonly Dictionary<NamespacedName, ClientIntentsStatus> _statuses = [];

    public WorkloadReport Explain(Workload workload)
    {
        var settings = forecast.Snapshot.Settings.GetSettings(workload.Namespace);
        var from = settings.Policy is { } policy ? $"enforcementpolicy/{policy}"
            : settings.ModeReason == Reasons.SystemNamespace ? "system namespace"
            : "the operator's default";
        return new WorkloadReport(
            WorkloadName.Show(workload.Kind.Name(), workload.DeclaredName), workload.Namespace, settings.Mode.ToString(), from)
        {
            Ingress = Direction(workload, ServersOf(workload), isEgress: false),
            Egress = Direction(workload, [KeyOf(workload, SubjectType.Client)], isEgress: true),
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

    // Every policy that isolates the Pods: those of the operator, compared with its plans, and those of other owners.
    private DirectionReport Direction(Workload workload, IReadOnlyList<PolicyKey> keys, bool isEgress)
    {
        bool IsAbout(V1NetworkPolicy policy) => policy.Metadata.NamespaceProperty == workload.Namespace
            && ReachabilityEvaluator.Isolates(policy, isEgress)
            && ReachabilityEvaluator.SelectsPods(policy, workload.PodLabels);
        var existing = policies.Where(IsAbout).ToList();
        var changes = keys.Concat(existing.Where(_origins.IsOurs).Select(PolicyMetadataReader.ReadKey).OfType<PolicyKey>())
            .Distinct()
            .SelectMany(forecast.ChangesOf)
            .Where(change => IsAbout(InForce(change)) || (change.Existing is { } now && IsAbout(now)))
            .ToList();
        var reports = new List<PolicyReport>();
        var rules = new List<RuleReport>();
        foreach (var change in changes)
        {
            // A policy that will no longer select the Pods still does.
            var shown = IsAbout(InForce(change)) ? InForce(change) : change.Existing!;
            reports.Add(new PolicyReport(RuleOrigins.NameOf(shown), StateOf(change.Action)));
            rules.AddRange(RulesOf(shown, isEgress, isOurs: change.Action != PolicyAction.Refuse));
        }

        foreach (var foreign in existing.Where(policy => !changes.Exists(change => change.Name == NamespacedName.From(policy))))
        {
            reports.Add(new PolicyReport(RuleOrigins.NameOf(foreign), NotManaged));
            rules.AddRange(RulesOf(foreign, isEgress, isOurs: false));
        }

        return new DirectionReport(!workload.AllPodsUseHostNetwork && reports.Count > 0, reports, rules);
    }

    // Another owner's policy stays, whatever would be in its place.
    private static V1NetworkPolicy InForce(PolicyChange change) =>
        (change.Action == PolicyAction.Refuse ? change.Existing : change.Desired ?? change.Existing)!;

    private IEnumerable<RuleReport> RulesOf(V1NetworkPolicy policy, bool isEgress, bool isOurs)
    {
        var key = isOurs ? PolicyMetadataReader.ReadKey(policy) : null;
        foreach (var rule in DirectedRule.ListOf(policy, isEgress))
        {
            var (peer, from) = _origins.Describe(policy, rule, key);
            yield return new RuleReport(peer, RuleText.Ports(rule.Ports), from);
        }
    }

    private static string StateOf(PolicyAction action) => action switch
    {
        PolicyAction.None => "up to date",
        PolicyAction.Create => "not in the cluster yet",
        PolicyAction.Delete => "not deleted yet",
        PolicyAction.Refuse => $"{NotManaged}; it has the name of a policy that the operator would write",
        _ => "not updated yet",
    };

    private IEnumerable<TargetReport> TargetsOf(Workload workload)
    {
        var client = KeyOf(workload, SubjectType.Client);
        foreach (var intents in forecast.Snapshot.Clients.Declarations(client)
            .Where(intents => RefersTo(intents.Parse().Client, workload)))
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
            if (intents.Parse().Targets[result.TargetIndex].Reference?.Workload is { } server && !RefersTo(server, workload))
            {
                continue;
            }

            if (StatusOf(intents).Targets?.ElementAtOrDefault(result.TargetIndex) is { State: not TargetStateNames.Enforced } target)
            {
                yield return Report(
                    target, $"{intents.Spec.Workload.Name}.{result.Intents.Namespace}", result.Intents, result.TargetIndex);
            }
        }
    }

    private IEnumerable<TargetReport> ProtectionsNotInForce(Workload workload)
    {
        foreach (var result in forecast.PlanOf(KeyOf(workload, SubjectType.Workload)).ProtectionResults
            .Where(result => result.Result.State != TargetStateNames.Enforced))
        {
            yield return new TargetReport(
                "protection", result.Result.State, result.Result.Reason, result.Result.Message,
                $"protectedservice/{result.Protection.Name}.{result.Protection.Namespace}");
        }
    }

    private static TargetReport Report(TargetStatus target, string peer, NamespacedName intents, int index) =>
        new(peer, target.State, target.Reason, target.Message, DeclaredRulePlanner.FieldOf(intents, index));

    // What refers to no workload, or to several, is shown with each that it may mean.
    private bool RefersTo(ParsedWorkloadRef? reference, Workload workload)
    {
        if (reference is not { } named)
        {
            return false;
        }

        var candidates = forecast.Snapshot.Cache.Workloads.FindWithOverlaps(named.Namespace, named.Name);
        return WorkloadResolver.Resolve(named, candidates) switch
        {
            WorkloadResolution.Found found => IsSame(found.Workload, workload),
            WorkloadResolution.EmptySelector found => IsSame(found.Workload, workload),
            _ => named.Kind is null || named.Kind == workload.Kind,
        };
    }

    private static bool IsSame(Workload one, Workload other) =>
        (one.Kind, one.Namespace, one.Name) == (other.Kind, other.Namespace, other.Name);

    // The status that the operator would write. What it has found out about domains is not known here, but in the current status.
    private ClientIntentsStatus StatusOf(ClientIntents intents)
    {
        var name = NamespacedName.From(intents);
        if (!_statuses.TryGetValue(name, out var status))
        {
            var keys = intents.Parse().Servers.Concat(intents.Parse().ClientKey is { } client ? [client] : []);
            var results = keys.SelectMany(key => forecast.PlanOf(key).IntentResults).Where(result => result.Intents == name);
            status = ClientIntentsStatusBuilder.Build(intents, results, now);
            var stored = intents.Status is { } last && last.ObservedGeneration == intents.Metadata.Generation ? last.Targets : null;
            status.Targets = status.Targets?
                .Select((target, i) =>
                    target.Reason == Reasons.DomainNotResolved && stored is not null && i < stored.Count ? stored[i] : target)
                .ToList();

            _statuses[name] = status;
        }

        return status;
    }
}
