using k8s.Models;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Reports;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Testing.Semantics;

namespace Wayleave.Cli.Tests.Meaning;

/// <summary>
/// Compares what <c>explain</c> says about each workload with the NetworkPolicies in the cluster, read as the Kubernetes documentation
/// defines them: which of them isolate it, and every rule that they have. The declarations that a rule is said to come from are tried: without
/// them, the rule is gone.
/// </summary>
/// <param name="forecast">The cluster before the operator's policies are written.</param>
/// <param name="policies">The policies in the cluster, those of the operator among them.</param>
internal sealed class ExplainComparison(PolicyForecast forecast, IReadOnlyList<V1NetworkPolicy> policies)
{
    /// <summary>The rules that were compared.</summary>
    public int Rules { get; private set; }

    public IReadOnlyList<Workload> Workloads => ListWorkloads(forecast.Snapshot);

    /// <summary>The first difference. Null if there is none.</summary>
    public string? FindDifference()
    {
        foreach (var workload in Workloads)
        {
            var report = Explain(forecast, workload);
            var difference = Compare(workload, report.Ingress, PolicyTypes.Ingress) ?? Compare(workload, report.Egress, PolicyTypes.Egress);
            if (difference is not null)
            {
                return $"explain {workload.Kind} {workload.Namespace}/{workload.Name}: {difference}";
            }
        }

        return null;
    }

    /// <summary>A rule that remains although the declarations that it is said to come from are gone. Null if there is none.</summary>
    /// <param name="deleteAsync">Makes the same cluster without some ClientIntents, and reads it.</param>
    /// <param name="pick">Picks one of several.</param>
    public async Task<string?> FindFalseOriginAsync(
        Func<IReadOnlyList<NamespacedName>, Task<ClusterSnapshot>> deleteAsync, Func<int, int> pick)
    {
        List<(Workload Workload, bool IsEgress, RuleReport Rule)> declared =
        [
            .. Workloads.SelectMany(workload =>
            {
                var report = Explain(forecast, workload);
                return report.Ingress.Rules.Select(rule => (workload, false, rule)).Concat(report.Egress.Rules.Select(rule => (workload, true, rule)));
            }).Where(rule => rule.rule.From.All(IsIntents)),
        ];
        if (declared.Count == 0)
        {
            return null;
        }

        var (workload, isEgress, rule) = declared[pick(declared.Count)];
        using var without = await deleteAsync([.. rule.From.Select(ReadName).Distinct()]);

        // Several policies of a workload can have the same rule, each because of other declarations.
        var (before, after) = (Count(Explain(forecast, workload)), ListWorkloads(without)
            .Where(other => (other.Kind, other.Namespace, other.Name) == (workload.Kind, workload.Namespace, workload.Name))
            .Sum(other => Count(Explain(new PolicyForecast(without), other))));
        return after < before ? null : $"{workload.Namespace}/{workload.Name}: {rule.Peer} on {rule.Ports} is not from {string.Join(", ", rule.From)} alone";

        int Count(WorkloadReport report) => (isEgress ? report.Egress : report.Ingress).Rules
            .Count(other => (other.Peer, other.Ports) == (rule.Peer, rule.Ports) && other.From.Any(IsIntents));
    }

    private WorkloadReport Explain(PolicyForecast cluster, Workload workload) => new WorkloadExplainer(
        cluster,
        cluster == forecast ? [.. policies.Where(policy => policy.Metadata.NamespaceProperty == workload.Namespace)] : [],
        DateTimeOffset.UnixEpoch).Explain(workload);

    private string? Compare(Workload workload, DirectionReport report, string direction)
    {
        var labels = new Dictionary<string, string>(workload.PodLabels ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        var isolating = policies.Where(policy => policy.Metadata.NamespaceProperty == workload.Namespace
            && PolicyTypes.Of(policy).Contains(direction)
            && (policy.Spec!.PodSelector ?? new V1LabelSelector()).Selects(labels)).ToList();
        var names = isolating.Select(policy => $"networkpolicy/{policy.Metadata.Name}.{policy.Metadata.NamespaceProperty}");
        List<string> shown = [.. report.Policies.Select(policy => policy.Name)];
        if (!names.Order(StringComparer.Ordinal).SequenceEqual(shown.Order(StringComparer.Ordinal)))
        {
            return $"{direction}: the policies are {string.Join(", ", names)}, and not {string.Join(", ", shown)}";
        }

        if (report.IsRestricted != (isolating.Count > 0 && !workload.AllPodsUseHostNetwork))
        {
            return $"{direction}: restricted is {report.IsRestricted}";
        }

        // A foreign policy is shown as it is; the operator's name the declared workload instead of its Pods.
        var ports = isolating.SelectMany(policy => direction == PolicyTypes.Egress
            ? (policy.Spec!.Egress ?? []).Select(rule => RuleText.Ports(rule.Ports))
            : (policy.Spec!.Ingress ?? []).Select(rule => RuleText.Ports(rule.Ports)));
        Rules += report.Rules.Count;
        return ports.Order(StringComparer.Ordinal).SequenceEqual(report.Rules.Select(rule => rule.Ports).Order(StringComparer.Ordinal))
            ? null
            : $"{direction}: the rules have ports {string.Join("; ", ports)}, and not {string.Join("; ", report.Rules.Select(rule => rule.Ports))}";
    }

    private static List<Workload> ListWorkloads(ClusterSnapshot snapshot)
    {
        var cache = snapshot.Cache.Workloads;
        return
        [
            .. cache.Namespaces.SelectMany(space => cache.FindMatching(space, new V1LabelSelector())
                .Select(workload => workload.Name).Distinct(StringComparer.Ordinal)
                .SelectMany(name => cache.FindWithOverlaps(space, name))),
        ];
    }

    private static bool IsIntents(string from) => from.StartsWith("clientintents/", StringComparison.Ordinal);

    // Of clientintents/checkout.shop spec.targets[0]. A name can have dots, a namespace cannot.
    private static NamespacedName ReadName(string from)
    {
        var name = from["clientintents/".Length..from.IndexOf(' ', StringComparison.Ordinal)];
        var dot = name.LastIndexOf('.');
        return new NamespacedName(name[(dot + 1)..], name[..dot]);
    }
}
