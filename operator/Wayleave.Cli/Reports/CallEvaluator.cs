using System.Net;
using k8s.Models;
using Wayleave.Cli.Access;
using Wayleave.Enforcement.Connectivity;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Cli.Reports;

/// <summary>One side of a call: a workload and its Pods.</summary>
/// <param name="Pods">Those that run; one made from the Pod template if none does.</param>
internal sealed record CallSide(Workload Workload, IReadOnlyList<NetworkPod> Pods)
{
    private const int MaxPods = 200;

    public string Name => $"{WorkloadName.Show(Workload.Kind.Name(), Workload.DeclaredName)}.{Workload.Namespace}";

    /// <summary>How many Pods there are beyond those that are evaluated.</summary>
    public int SkippedPods { get; private init; }

    /// <param name="live">Pods of its namespace. Those of others and those that have ended are ignored.</param>
    public static CallSide Create(Workload workload, IEnumerable<LivePod> live)
    {
        List<LivePod> running =
        [
            .. live.Where(pod => pod.Status?.Phase is not ("Succeeded" or "Failed") && IsOf(workload, pod))
                .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal),
        ];

        // A Pod that waits for its node has no address yet, and says nothing about rules for addresses.
        var pods = running.Where(pod => pod.Status?.PodIPs is { Count: > 0 }).Select(Read).DefaultIfEmpty(FromTemplate(workload)).ToList();
        return new CallSide(workload, [.. pods.Take(MaxPods)]) { SkippedPods = Math.Max(0, pods.Count - MaxPods) };
    }

    private static bool IsOf(Workload workload, LivePod pod) => workload.Kind == WorkloadKind.Pod
        ? pod.Metadata.Name == workload.Name
        : !workload.SelectsEverything && SelectorMatch.Matches(workload.PodSelector, pod.Metadata.Labels);

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
    /// Yes only if every Pod of the client reaches every other Pod of the server on the same port. The deciding objects are those of the
    /// first pair that does not.
    /// </summary>
    /// <param name="port">Null asks whether any port is open.</param>
    public CallReport Evaluate(CallSide client, CallSide server, PolicyPort? port)
    {
        var pairs = GetPairs(client, server);
        var results = pairs.ConvertAll(pair => evaluator.Evaluate(pair.Client, pair.Server, port));
        if (results.Find(result => !result.IsAllowed) is { } denied)
        {
            return CreateReport(client, server, port, denied);
        }

        // Without a port, each pair may have been found open on another one. Null is every port.
        var found = results.Select(result => result.Port).OfType<PolicyPort>().Distinct().ToList();
        if (port is not null || found.Count == 0)
        {
            return CreateReport(client, server, port, results[0]);
        }

        var candidates = found.ConvertAll(candidate => pairs.ConvertAll(pair => evaluator.Evaluate(pair.Client, pair.Server, candidate)));
        return candidates.Find(all => all.TrueForAll(result => result.IsAllowed)) is { } open
            ? CreateReport(client, server, open[0].Port, open[0])
            : CreateReport(client, server, port, candidates[0].First(result => !result.IsAllowed));
    }

    // A Pod always reaches itself, which says nothing about other Pods of its workload, running or not.
    private static List<(NetworkPod Client, NetworkPod Server)> GetPairs(CallSide client, CallSide server)
    {
        List<(NetworkPod Client, NetworkPod Server)> pairs =
        [
            .. client.Pods.SelectMany(caller => server.Pods.Select(called => (caller, called)))
                .Where(pair => (pair.caller.Namespace, pair.caller.Name) != (pair.called.Namespace, pair.called.Name)),
        ];
        return pairs.Count > 0 ? pairs : [(client.Pods[0], server.Pods[0] with { Name = $"{server.Pods[0].Name}-other" })];
    }

    private CallReport CreateReport(CallSide client, CallSide server, PolicyPort? port, ReachabilityResult result) => new(
        result.IsAllowed,
        client.Name,
        server.Name,
        port is { } one ? $"{one.Port}/{one.Protocol}" : result.IsAllowed ? "every port" : "any port")
    {
        Egress = Side(result.Egress, "egress", client),
        Ingress = Side(result.Ingress, "ingress", server),
        HasNoCommonPort = result.HasNoCommonPort,
    };

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
        return origins.Describe(policy, DirectedRule.ListOf(policy, isEgress: direction == "egress")[rule.Index], key).From;
    }
}
