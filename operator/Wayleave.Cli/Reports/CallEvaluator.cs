using System.Net;
using k8s.Models;
using Wayleave.Cli.Access;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Connectivity;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Cli.Reports;

/// <summary>One side of a call: a workload and its Pods.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Pods">Those that run; one made from the Pod template if none does.</param>
internal sealed record CallSide(Workload Workload, IReadOnlyList<NetworkPod> Pods)
{
    private const int MaxPods = 200;

    public string Name => $"{WorkloadName.Show(Workload.Kind.Name(), Workload.DeclaredName)}.{Workload.Namespace}";

    public static CallSide Create(Workload workload, IEnumerable<LivePod> live)
    {
        List<NetworkPod> pods =
        [
            .. live.Where(pod => pod.Status?.Phase is not ("Succeeded" or "Failed")
                    && !workload.SelectsEverything
                    && SelectorMatch.Matches(workload.PodSelector, pod.Metadata.Labels))
                .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
                .Take(MaxPods)
                .Select(Read),
        ];
        return new CallSide(workload, pods.Count > 0 ? pods : [FromTemplate(workload)]);
    }

    private static NetworkPod FromTemplate(Workload workload) =>
        new(workload.Namespace, $"{WorkloadName.Show(workload.Kind.Name(), workload.Name)}-template", workload.PodLabels)
        {
            Ports = workload.Ports,
            HostNetwork = workload.AllPodsUseHostNetwork,
        };

    private static NetworkPod Read(LivePod pod)
    {
        var workload = Workload.From(new Wayleave.Kubernetes.Models.PartialPod { Metadata = pod.Metadata, Spec = pod.Spec });
        return new NetworkPod(workload.Namespace, workload.Name, pod.Metadata.Labels)
        {
            Ports = workload.Ports,
            HostNetwork = workload.AllPodsUseHostNetwork,
            Addresses =
            [
                .. (pod.Status?.PodIPs ?? [])
                    .Select(address => IPAddress.TryParse(address.Ip, out var parsed) ? parsed : null)
                    .OfType<IPAddress>(),
            ],
        };
    }
}

/// <summary>Answers whether one workload may call another, from the NetworkPolicies that are in the cluster.</summary>
internal sealed class CallEvaluator(ReachabilityEvaluator evaluator, RuleOrigins origins)
{
    /// <summary>
    /// Yes only if every Pod of the client reaches every Pod of the server. The deciding objects are those of the first that does not.
    /// </summary>
    public CallReport Evaluate(CallSide client, CallSide server, PolicyPort? port)
    {
        ReachabilityResult? first = null;
        foreach (var (caller, called) in client.Pods.SelectMany(caller => server.Pods.Select(called => (caller, called))))
        {
            var result = evaluator.Evaluate(caller, called, port);
            first ??= result;
            if (!result.IsAllowed)
            {
                first = result;
                break;
            }
        }

        return Report(client, server, port, first!);
    }

    private CallReport Report(CallSide client, CallSide server, PolicyPort? port, ReachabilityResult result)
    {
        var egress = Side(result.Egress, "egress", client);
        var ingress = Side(result.Ingress, "ingress", server);
        var shown = port ?? result.Port;
        return new CallReport(
            result.IsAllowed,
            client.Name,
            server.Name,
            shown is { } one ? $"{one.Port}/{one.Protocol}" : result.IsAllowed ? "every port" : "any port")
        {
            Egress = egress,
            Ingress = ingress,
        };
    }

    private SideReport Side(DirectionResult direction, string name, CallSide side)
    {
        List<string> policies = [.. direction.Isolating.Select(RuleOrigins.NameOf)];
        if (direction.Isolating.Count == 0)
        {
            var reason = side.Workload.AllPodsUseHostNetwork
                ? $"{side.Name} uses the host network, which NetworkPolicies do not restrict"
                : $"no NetworkPolicy restricts the {name} of {side.Name}";
            return new SideReport(Allowed: true, reason, policies, []);
        }

        if (direction.Allowing is not { } rule)
        {
            return new SideReport(Allowed: false, $"no rule of {string.Join(", ", policies)} allows it", policies, []);
        }

        var from = OriginsOf(rule, name);
        return new SideReport(Allowed: true, $"allowed by {RuleOrigins.NameOf(rule.Policy)} spec.{name}[{rule.Index}]", policies, from);
    }

    private IReadOnlyList<string> OriginsOf(PolicyRule rule, string direction)
    {
        var policy = rule.Policy;
        var key = origins.IsOurs(policy) ? PolicyMetadataReader.ReadKey(policy) : null;
        return direction == "egress"
            ? origins.OfEgress(policy, policy.Spec!.Egress![rule.Index], key).From
            : origins.OfIngress(policy, policy.Spec!.Ingress![rule.Index], key).From;
    }
}
