using k8s.Models;
using Wayleave.Operator.Tests.Meaning.Generating;
using Wayleave.Testing.Meaning;

namespace Wayleave.Cli.Tests.Meaning;

/// <summary>NetworkPolicies as other owners write them: every form of peer, port and direction that the API accepts.</summary>
internal static class RandomPolicies
{
    private const int MaxPolicies = 6;
    private static readonly string[] _protocols = ["TCP", "UDP", "SCTP"];
    private static readonly string[] _ranges = ["0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/30", "10.0.0.1/32", "192.168.0.0/16"];

    public static IReadOnlyList<V1NetworkPolicy> Create(ClusterView view, int seed)
    {
        var dice = new Dice(seed);
        var number = 0;
        return dice.Many(1, MaxPolicies, () => CreatePolicy(view, number++, dice));
    }

    private static V1NetworkPolicy CreatePolicy(ClusterView view, int number, Dice dice) => new()
    {
        Metadata = new V1ObjectMeta { Name = $"foreign-{number}", NamespaceProperty = dice.Pick([.. view.Namespaces]).Name },
        Spec = new V1NetworkPolicySpec
        {
            PodSelector = CreateSelector(dice, LabelsOf(view, dice)),
            PolicyTypes = dice.Number(0, 3) switch { 0 => null, 1 => ["Ingress"], 2 => ["Egress"], _ => ["Ingress", "Egress"] },
            Ingress = dice.Chance(33) ? null : dice.Many(0, 2, () => new V1NetworkPolicyIngressRule
            {
                FromProperty = CreatePeers(view, dice),
                Ports = CreatePorts(dice),
            }),
            Egress = dice.Chance(33) ? null : dice.Many(0, 2, () => new V1NetworkPolicyEgressRule
            {
                To = CreatePeers(view, dice),
                Ports = CreatePorts(dice),
            }),
        },
    };

    private static List<V1NetworkPolicyPeer>? CreatePeers(ClusterView view, Dice dice) => dice.Chance(25)
        ? null
        : dice.Many(0, 2, () => dice.Number(0, 3) switch
        {
            0 => new V1NetworkPolicyPeer { IpBlock = CreateBlock(dice) },
            1 => new V1NetworkPolicyPeer { PodSelector = CreateSelector(dice, LabelsOf(view, dice)) },
            2 => new V1NetworkPolicyPeer { NamespaceSelector = CreateSelector(dice, dice.Pick([.. view.Namespaces]).Labels) },
            _ => new V1NetworkPolicyPeer
            {
                NamespaceSelector = CreateSelector(dice, dice.Pick([.. view.Namespaces]).Labels),
                PodSelector = CreateSelector(dice, LabelsOf(view, dice)),
            },
        });

    private static V1IPBlock CreateBlock(Dice dice)
    {
        var cidr = dice.Pick(_ranges);
        return new V1IPBlock { Cidr = cidr, Except = cidr == "10.0.0.0/8" && dice.Chance(50) ? ["10.0.0.0/30", "10.0.1.0/24"] : null };
    }

    private static List<V1NetworkPolicyPort>? CreatePorts(Dice dice) => dice.Chance(33)
        ? null
        : dice.Many(0, 2, () => new V1NetworkPolicyPort
        {
            Protocol = dice.Chance(33) ? null : dice.Pick(_protocols),
            Port = dice.Number(0, 3) switch { 0 => null, 1 => "http", 2 => 53, _ => 8080 },
        }).ConvertAll(port => AddEnd(port, dice));

    private static V1NetworkPolicyPort AddEnd(V1NetworkPolicyPort port, Dice dice)
    {
        port.EndPort = int.TryParse(port.Port?.Value, out var first) && dice.Chance(50) ? first + 1500 : null;
        return port;
    }

    private static V1LabelSelector CreateSelector(Dice dice, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0 || dice.Chance(20))
        {
            return new V1LabelSelector();
        }

        var (key, value) = dice.Pick([.. labels]);
        return dice.Number(0, 3) switch
        {
            0 => Require(key, "In", value, "other"),
            1 => Require(key, "NotIn", value),
            2 => Require(key, dice.Chance(50) ? "Exists" : "DoesNotExist"),
            _ => new V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value } },
        };
    }

    private static V1LabelSelector Require(string key, string @operator, params string[] values) => new()
    {
        MatchExpressions = [new() { Key = key, OperatorProperty = @operator, Values = values.Length > 0 ? values : null }],
    };

    private static IReadOnlyDictionary<string, string> LabelsOf(ClusterView view, Dice dice) =>
        view.Pods.Count > 0 ? dice.Pick(view.Pods).Labels : new Dictionary<string, string>(StringComparer.Ordinal);
}
