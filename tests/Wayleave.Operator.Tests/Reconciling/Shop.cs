using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Tests.Meaning;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Reconciling;

/// <summary>A cluster in which checkout calls cart, and operators that run in it.</summary>
internal static class Shop
{
    public const string Namespace = "shop";
    public const string CartPolicy = "wayleave-deployment-cart-ingress";

    /// <summary>A cluster with the workloads cart and checkout and without declarations.</summary>
    /// <param name="number">Distinguishes clusters in one test, so that their objects have different UIDs.</param>
    public static FakeCluster Cluster(int number = 0)
    {
        var cluster = new FakeCluster(ApiClients.Registry, WayleaveLabels.FieldManager);
        var others = Enumerable.Range(0, number * 100).Select(i => $"other-{i}");
        foreach (var name in new[] { Namespace, Names.OperatorNamespace }.Concat(others).Append("kube-system"))
        {
            cluster.User.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string>() { [WayleaveLabels.NamespaceName] = name } } });
        }

        cluster.User.Put(Workload("cart"));
        cluster.User.Put(Workload("checkout"));
        return cluster;
    }

    public static PartialDeployment Workload(string name)
    {
        var labels = new Dictionary<string, string> { ["app"] = name };
        return new PartialDeployment
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Namespace },
            Spec = new PartialWorkloadSpec
            {
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new PartialPodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels } },
            },
        };
    }

    /// <summary>Declares that a client calls cart.</summary>
    public static ClientIntents Intents(string client = "checkout", ClusterSelection? clusters = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = client, NamespaceProperty = Namespace },
        Spec = new ClientIntentsSpec
        {
            Workload = new WorkloadRef { Name = client },
            Clusters = clusters,
            Targets = [new IntentTarget { Kubernetes = new KubernetesTarget { Name = "cart" } }],
        },
    };

    public static Task<RunningOperator> StartAsync(FakeCluster cluster, RunningOptions? options = null, EnforcementMode mode = EnforcementMode.Enforce) =>
        RunningOperator.StartAsync(cluster, new Defaults(mode, Egress: false), options);

    public static V1NetworkPolicy? Policy(this FakeCluster cluster) =>
        cluster.List<V1NetworkPolicy>().FirstOrDefault(policy => policy.Metadata.Name == CartPolicy);

    public static ClientIntents Declared(this FakeCluster cluster, string client = "checkout") =>
        cluster.List<ClientIntents>().Single(intents => intents.Metadata.Name == client);

    public static V1Condition? Condition(this ClientIntents intents, string type = ConditionTypes.Ready) =>
        intents.Status?.Conditions?.Find(condition => condition.Type == type);

    /// <summary>Edits cart's policy so that it allows any client.</summary>
    public static void Tamper(this FakeCluster cluster) =>
        cluster.User.Edit<V1NetworkPolicy>(Namespace, CartPolicy, policy => policy.Spec!.Ingress = [new V1NetworkPolicyIngressRule()]);
}
