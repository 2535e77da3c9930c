using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.EventHandlers;

/// <summary>
/// Which policy keys a change enqueues. The cluster always has declarations that the changes do not affect: search calls orders, and
/// reports calls ledger, which is protected.
/// </summary>
public abstract class AffectedPolicyTest
{
    private protected const string Data = "data";
    private protected const string Checkout = "Client/shop/checkout";
    private protected const string Cart = "Workload/shop/cart";
    private protected const string Redis = "Service/shop/redis";
    private protected const string Db = "Workload/data/db";

    private protected FakeCluster Fake { get; } = Shop.Cluster();

    protected AffectedPolicyTest()
    {
        PutNamespace(Data);
        PutNamespace("other");
        Fake.User.Put(Intents("search", Workload("orders")));
        Fake.User.Put(Intents("reports", "other", Workload("ledger"), Service("ledger")));
        Fake.User.Put(Protection("ledger", "other"));
        Fake.User.Put(Deployment("ledger", "other"));
        Fake.User.Put(ServiceOf("ledger", "other"));
    }

    private protected void PutNamespace(string name) =>
        Fake.User.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = name, Labels = Labels(WayleaveLabels.NamespaceName, name) } });

    private protected void WriteStatus(string name, ClientIntentsStatus status) =>
        Fake.User.PutStatus<ClientIntents, ClientIntentsStatus>(Shop.Namespace, name, status);

    private protected async Task PutPolicyAsync(PolicyOwner owner, string server, string @namespace = Shop.Namespace, string kind = "Deployment") =>
        await Fake.CreateAsync(owner.WithMark(PolicyFor(server, @namespace, kind)), CancellationToken.None);

    private protected static V1NetworkPolicy PolicyFor(string server, string @namespace, string kind = "Deployment") => NetworkPolicyBuilder.Ingress(
        new PolicySubject(kind, @namespace, server, new V1LabelSelector { MatchLabels = Labels("app", server) }), []);

    private protected static ClientIntentsStatus InForce(string server) => new()
    {
        ObservedGeneration = 1,
        EnforcedGeneration = 1,
        Targets = [new TargetStatus { Name = server, Type = TargetTypes.Kubernetes, State = TargetStateNames.Enforced, Reason = Reasons.Enforced }],
    };

    private protected static ClientIntents Intents(string client, params IntentTarget[] targets) => Intents(client, Shop.Namespace, targets);

    private protected static ClientIntents Intents(string client, string @namespace, params IntentTarget[] targets) => new()
    {
        Metadata = new V1ObjectMeta { Name = client, NamespaceProperty = @namespace },
        Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = client }, Targets = [.. targets] },
    };

    private protected static IntentTarget Workload(string name) => new() { Kubernetes = new KubernetesTarget { Name = name } };

    private protected static IntentTarget Service(string name) => new() { Service = new ServiceTarget { Name = name } };

    private protected static ProtectedService Protection(string server, string @namespace = Shop.Namespace) => new()
    {
        Metadata = new V1ObjectMeta { Name = server, NamespaceProperty = @namespace },
        Spec = new ProtectedServiceSpec { Workload = new WorkloadRef { Name = server } },
    };

    private protected static EnforcementPolicy Enforcement(string name, string @namespace) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new EnforcementPolicySpec
        {
            Mode = EnforcementModeNames.Shadow,
            NamespaceSelector = new V1LabelSelector { MatchLabels = Labels(WayleaveLabels.NamespaceName, @namespace) },
        },
    };

    private protected static PartialDeployment Deployment(string name, string @namespace = Shop.Namespace) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
        Spec = new PartialWorkloadSpec { Selector = new V1LabelSelector { MatchLabels = Labels("app", name) }, Template = Template(Labels("app", name)) },
    };

    private protected static void Relabel(PartialDeployment deployment) => deployment.Spec!.Template!.Metadata!.Labels!["version"] = "2";

    private protected static PartialPodTemplateSpec Template(Dictionary<string, string> labels) => new() { Metadata = new V1ObjectMeta { Labels = labels } };

    private protected static PartialService ServiceOf(string name, string @namespace = Shop.Namespace, string? selects = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
        Spec = new PartialServiceSpec { Type = "ClusterIP", Selector = Labels("app", selects ?? name), Ports = [new PartialServicePort { Port = 6379 }] },
    };

    private protected static PartialEndpointSlice Slice(string name, string service) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Shop.Namespace, Labels = Labels("kubernetes.io/service-name", service) },
        AddressType = "IPv4",
        Endpoints = [new PartialEndpointSliceEndpoint { Addresses = ["203.0.113.1"] }],
    };

    private protected static V1Ingress Ingress(string service) => new()
    {
        Metadata = new V1ObjectMeta { Name = "front", NamespaceProperty = Shop.Namespace },
        Spec = new V1IngressSpec
        {
            DefaultBackend = new V1IngressBackend { Service = new V1IngressServiceBackend { Name = service, Port = new V1ServiceBackendPort { Number = 6379 } } },
        },
    };

    private protected static V1Node Node(string name, string range) => new() { Metadata = new V1ObjectMeta { Name = name }, Spec = new V1NodeSpec { PodCIDRs = [range] } };

    private protected static Dictionary<string, string> Labels(string key, string value) => new(StringComparer.Ordinal) { [key] = value };
}
