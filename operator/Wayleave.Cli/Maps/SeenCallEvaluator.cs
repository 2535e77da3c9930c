using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Reports;
using Wayleave.Enforcement.Connectivity;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Maps;

/// <summary>A seen call that policies do not allow.</summary>
/// <param name="Reason">The policies that restrict it and do not allow it.</param>
internal sealed record CutCall(SeenCall Call, string Reason);

/// <summary>Answers which of the seen calls a set of NetworkPolicies would cut.</summary>
/// <param name="snapshot">The workloads and declarations of the cluster.</param>
/// <param name="policies">All policies, those of other owners too.</param>
internal sealed class SeenCallEvaluator(ClusterSnapshot snapshot, IEnumerable<V1NetworkPolicy> policies)
{
    private readonly DeclarationIndex _declared = new(snapshot.Cache.Intents.Store.List(), MapFacts.None);

    private readonly Dictionary<WorkloadId, NetworkPod?> _pods = [];

    private readonly ReachabilityEvaluator _evaluator = snapshot.CreateEvaluator(policies);

    /// <summary>The policies of a cluster after the operator has acted.</summary>
    /// <param name="existing">All policies of the cluster.</param>
    /// <param name="forecast">What the operator does.</param>
    /// <param name="isEnforced">Whether to add the policies that only the mode Shadow keeps from being written.</param>
    public static IReadOnlyList<V1NetworkPolicy> Apply(IEnumerable<V1NetworkPolicy> existing, PolicyForecast forecast, bool isEnforced)
    {
        var result = existing.ToDictionary(NamespacedName.From);
        foreach (var change in forecast.Changes().Where(change => change.Action != PolicyAction.Refuse))
        {
            if (change.Desired is { } desired)
            {
                result[change.Name] = desired;
            }
            else
            {
                result.Remove(change.Name);
            }
        }

        foreach (var policy in isEnforced ? forecast.Keys().SelectMany(key => forecast.PlanOf(key).ShadowPolicies) : [])
        {
            result[NamespacedName.From(policy)] = policy;
        }

        return [.. result.Values];
    }

    /// <summary>
    /// The calls that are cut: those that were answered, and that the policies do not allow. Calls of workloads that are gone are left out.
    /// </summary>
    public IReadOnlyList<CutCall> FindCut(IEnumerable<SeenCall> calls) =>
        [.. calls.Where(call => call.Call.Outcome == ObservedOutcomes.Connected).Select(FindCut).OfType<CutCall>()];

    private CutCall? FindCut(SeenCall call)
    {
        if (FindPod(call.Client) is not { } client || FindTarget(call) is not { } target)
        {
            return null;
        }

        // A Pod always reaches itself, which says nothing about the others of its workload.
        var server = call.Server == call.Client ? target with { Name = $"{target.Name}-other" } : target;
        var ports = call.ParsedPorts.Where(port => port.Name is null).SelectMany(Expand)
            .Select(port => (PolicyPort?)port)
            .DefaultIfEmpty(null);
        return ports.Select(port => _evaluator.Evaluate(client, server, port)).FirstOrDefault(result => !result.IsAllowed) is { } denied
            ? new CutCall(call, Describe(denied))
            : null;
    }

    private static IEnumerable<PolicyPort> Expand(DeclaredPort port)
    {
        var protocol = port.Protocol ?? PolicyPort.Tcp;
        return port.IsRange
            ? [new PolicyPort(protocol, port.First), new PolicyPort(protocol, port.Last)]
            : [new PolicyPort(protocol, port.First)];
    }

    private NetworkPod? FindTarget(SeenCall call) => call.Server is { } server ? FindPod(server)
        : call.Call.Target.Internet is null || IsAllowedElsewhere(call) ? null
        : new NetworkPod("", call.TargetName, null)
        {
            Addresses =
            [
                .. (call.Call.Target.Internet.Ips ?? []).Concat(call.Call.Addresses ?? [])
                    .Select(text => IPAddress.TryParse(text, out var address) ? address : null)
                    .OfType<IPAddress>(),
            ],
        };

    // The operator looks up the addresses of a declared domain, which are not known here. With the map, the plan has those that were
    // answered to the client.
    private bool IsAllowedElsewhere(SeenCall call) =>
        _declared.IsDeclared(call) && !(snapshot.Observed.HasSynced && call.Call.Addresses is { Count: > 0 });

    private NetworkPod? FindPod(WorkloadId id)
    {
        if (!_pods.TryGetValue(id, out var pod))
        {
            var found = snapshot.Cache.Workloads.Find(id.Namespace, id.Name)
                .Where(workload => workload.Kind != WorkloadKind.Pods && (id.Kind.Length == 0 || workload.Kind.Name() == id.Kind))
                .ToList();
            _pods.Add(id, pod = found.Count == 1 ? CallSide.Create(found[0], []).Pods[0] : null);
        }

        return pod;
    }

    private static string Describe(ReachabilityResult result)
    {
        (string Name, DirectionResult Result)[] directions = [("egress", result.Egress), ("ingress", result.Ingress)];
        var denied = directions.Where(direction => !direction.Result.IsAllowed)
            .Select(direction => $"no {direction.Name} rule of {string.Join(", ", direction.Result.Isolating.Select(RuleOrigins.NameOf))}")
            .DefaultIfEmpty("the rules of both sides have no port in common");
        return string.Join("; ", denied);
    }
}
