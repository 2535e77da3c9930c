using System.Net;
using k8s.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Enforcement.Tests.Semantics;

/// <summary>
/// Three namespaces with a few Pods. One namespace has the label <c>team: blue</c>. Policies are in <c>shop</c> by default.
/// </summary>
internal sealed class TestNetwork
{
    private static readonly ClusterNamespace[] _namespaces =
    [
        new("shop", Labels(("kubernetes.io/metadata.name", "shop"))),
        new("data", Labels(("kubernetes.io/metadata.name", "data"), ("team", "blue"))),
        new("bare", Labels()),
    ];

    private readonly Reachability _reachability;

    public TestNetwork(params V1NetworkPolicy[] policies) => _reachability = new Reachability(_namespaces, policies);

    public static ClusterPod Web { get; } = Pod("shop", "web", "10.0.0.1", ("app", "web"));

    /// <summary>Has a port named <c>http</c> (8080/TCP) and one named <c>dns</c> (53/UDP).</summary>
    public static ClusterPod Cart { get; } = Pod("shop", "cart", "10.0.0.2", ("app", "cart"), ("tier", "back")) with
    {
        Ports = [new NamedPort("http", 8080), new NamedPort("dns", 53, Protocols.Udp)],
    };

    /// <summary>Has a port named <c>http</c> (9090/TCP).</summary>
    public static ClusterPod Store { get; } = Pod("data", "store", "10.0.1.1", ("app", "cart")) with { Ports = [new NamedPort("http", 9090)] };

    public static ClusterPod Report { get; } = Pod("data", "report", "10.0.1.2", ("app", "web"));

    public static ClusterPod Lone { get; } = Pod("bare", "lone", "10.0.2.1", ("app", "web"));

    public static V1LabelSelector All => new();

    public static V1LabelSelector App(string value) => new() { MatchLabels = Labels(("app", value)) };

    public static V1LabelSelector Where(string key, string @operator, params string[] values) =>
        new() { MatchExpressions = [new V1LabelSelectorRequirement { Key = key, OperatorProperty = @operator, Values = [.. values] }] };

    public static V1LabelSelector Named(string @namespace) => new() { MatchLabels = Labels(("kubernetes.io/metadata.name", @namespace)) };

    /// <summary>An ingress policy for the Pods <c>app: cart</c> in <c>shop</c>.</summary>
    public static V1NetworkPolicy Ingress(params V1NetworkPolicyIngressRule[] rules) =>
        Policy(App("cart"), new V1NetworkPolicySpec { PolicyTypes = ["Ingress"], Ingress = [.. rules] });

    /// <summary>An egress policy for the Pods <c>app: web</c> in <c>shop</c>.</summary>
    public static V1NetworkPolicy Egress(params V1NetworkPolicyEgressRule[] rules) =>
        Policy(App("web"), new V1NetworkPolicySpec { PolicyTypes = ["Egress"], Egress = [.. rules] });

    public static V1NetworkPolicy Policy(V1LabelSelector pods, V1NetworkPolicySpec spec, string @namespace = "shop")
    {
        spec.PodSelector = pods;
        return new V1NetworkPolicy { Metadata = new V1ObjectMeta { Name = "policy", NamespaceProperty = @namespace }, Spec = spec };
    }

    public static V1NetworkPolicyIngressRule From(params V1NetworkPolicyPeer[] peers) => new() { FromProperty = [.. peers] };

    public static V1NetworkPolicyEgressRule To(params V1NetworkPolicyPeer[] peers) => new() { To = [.. peers] };

    public static V1NetworkPolicyIngressRule At(params V1NetworkPolicyPort[] ports) => new() { Ports = [.. ports] };

    public static V1NetworkPolicyPeer Pods(V1LabelSelector pods) => new() { PodSelector = pods };

    public static V1NetworkPolicyPeer Block(string cidr, params string[] except) =>
        new() { IpBlock = new V1IPBlock { Cidr = cidr, Except = [.. except] } };

    public bool May(ClusterPod client, ClusterPod server, int port = 8080) => _reachability.MayReach(client, server, Door.Tcp(port));

    public bool MayUdp(ClusterPod client, ClusterPod server, int port) => _reachability.MayReach(client, server, Door.Udp(port));

    public bool MayLeave(ClusterPod client, string address, int port = 443) =>
        _reachability.MayReach(client, IPAddress.Parse(address), Door.Tcp(port));

    public bool MayEnter(string address, ClusterPod server, int port = 8080) =>
        _reachability.MayReach(IPAddress.Parse(address), server, Door.Tcp(port));

    private static ClusterPod Pod(string @namespace, string name, string address, params (string, string)[] labels) =>
        new(@namespace, name, Labels(labels)) { Address = IPAddress.Parse(address) };

    private static Dictionary<string, string> Labels(params (string Key, string Value)[] labels) =>
        labels.ToDictionary(label => label.Key, label => label.Value);
}
