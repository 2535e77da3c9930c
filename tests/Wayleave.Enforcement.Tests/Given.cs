using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests;

/// <summary>Builds small objects. The default namespace is <c>shop</c>.</summary>
internal static class Given
{
    public const string Namespace = "shop";

    public static V1ObjectMeta Meta(string name, string @namespace = Namespace) =>
        new() { Name = name, NamespaceProperty = @namespace, Uid = $"uid-{name}", Generation = 1 };

    public static V1LabelSelector Selector(params (string Key, string Value)[] labels) =>
        new() { MatchLabels = labels.ToDictionary(label => label.Key, label => label.Value) };

    public static Workload Workload(string name, string @namespace = Namespace, WorkloadKind kind = WorkloadKind.Deployment) =>
        new(kind, @namespace, name, $"uid-{name}", Selector(("app", name)));

    public static IntentTarget Target(string name, string? kind = null, params int[] ports) =>
        new() { Kubernetes = new KubernetesTarget { Name = name, Kind = kind, Ports = ports.Length == 0 ? null : [.. ports] } };

    public static IntentTarget ServiceTarget(string name, params int[] ports) =>
        new() { Service = new ServiceTarget { Name = name, Ports = ports.Length == 0 ? null : [.. ports] } };

    public static ClientIntents Intents(string client, params IntentTarget[] targets) => IntentsIn(Namespace, client, targets);

    public static ClientIntents IntentsIn(string @namespace, string client, params IntentTarget[] targets) => new()
    {
        Metadata = Meta(client, @namespace),
        Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = client }, Targets = [.. targets] },
    };

    /// <summary>The first target of an object whose client exists.</summary>
    public static IngressIntent Call(ClientIntents intents)
    {
        var client = Workload(intents.Spec.Workload.Name, intents.Metadata.NamespaceProperty!);
        return Call(intents, new WorkloadResolution.Found(client));
    }

    public static IngressIntent Call(
        ClientIntents intents,
        WorkloadResolution client,
        NamespaceState state = NamespaceState.Labeled) =>
        new(intents, intents.Parse().Targets[0], client, state);

    public static ProtectedService Protection(string name, string? kind = null) =>
        new() { Metadata = Meta(name), Spec = new ProtectedServiceSpec { Workload = new WorkloadRef { Name = name, Kind = kind } } };

    /// <summary>The ingress rules of a policy after the first, which allows the server's own Pods.</summary>
    public static List<V1NetworkPolicyIngressRule> RulesAfterOwnPods(V1NetworkPolicy policy)
    {
        var own = policy.Spec!.Ingress![0];
        own.Ports.ShouldBeNull();
        var peer = own.FromProperty.ShouldHaveSingleItem();
        (peer.NamespaceSelector, peer.IpBlock).ShouldBe((null, null));
        peer.PodSelector.ShouldBeSameAs(policy.Spec.PodSelector);
        return [.. policy.Spec.Ingress.Skip(1)];
    }

    /// <summary>The inputs of the workload <c>cart</c>, a Deployment in mode Enforce.</summary>
    public static ServerInputs Server(params IngressIntent[] calls) => new()
    {
        Key = new PolicyKey(SubjectType.Workload, Namespace, "cart"),
        Intents = calls,
        Candidates = [Workload("cart")],
        NamespaceExists = true,
        Settings = new NamespaceSettings(EnforcementMode.Enforce),
    };

    /// <summary>The inputs of the Service <c>redis</c>, in mode Enforce.</summary>
    public static ServerInputs ServiceServer(PartialServiceSpec? spec, params IngressIntent[] calls) => new()
    {
        Key = new PolicyKey(SubjectType.Service, Namespace, "redis"),
        Intents = calls,
        Service = spec is null ? null : new PartialService { Metadata = Meta("redis"), Spec = spec },
        NamespaceExists = true,
        Settings = new NamespaceSettings(EnforcementMode.Enforce),
    };
}
