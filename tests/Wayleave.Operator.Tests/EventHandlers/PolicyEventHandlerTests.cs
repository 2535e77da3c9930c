using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.EventHandlers;

public sealed class PolicyEventHandlerTests
{
    private const string Shop = "shop";
    private const string Cart = "wayleave-deployment-cart-ingress";

    [Fact]
    public async Task Writes_the_policy_that_waits_for_a_name_when_another_installation_releases_it()
    {
        await using var stage = new Stage(new Defaults(EnforcementMode.Enforce, Egress: false));
        Given(stage);
        await stage.Cluster.CreateAsync(Policy(installation: new string('a', 32)), CancellationToken.None);
        await stage.StartAsync(stage.Defaults);
        await stage.Operator.SettleAsync();
        stage.Cluster.List<ClientIntents>().Single().Status!.Targets!.Single().Reason.ShouldBe(Reasons.OwnedByAnother);

        // Without the mark, the policy belongs to this installation. It is about web, which no declaration needs.
        stage.Cluster.User.Edit<V1NetworkPolicy>(Shop, Cart, policy =>
        {
            policy.Metadata.Annotations = Policy(installation: null).Metadata.Annotations;
            policy.Spec = Policy(installation: null).Spec;
        });
        await stage.Operator.SettleAsync();

        stage.Cluster.List<V1NetworkPolicy>().Single().Metadata.Annotations![WayleaveLabels.Workload].ShouldBe("Deployment/shop/cart");
        stage.Cluster.List<ClientIntents>().Single().Status!.Targets!.Single().Reason.ShouldBe(Reasons.Enforced);
    }

    private static void Given(Stage stage)
    {
        var user = stage.Cluster.User;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.NamespaceName] = Shop };
        user.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = Shop, Labels = labels } });
        foreach (var name in new[] { "checkout", "cart" })
        {
            user.Put(new PartialDeployment
            {
                Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Shop },
                Spec = new PartialWorkloadSpec { Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>() { ["app"] = name } } },
            });
        }

        user.Put(new ClientIntents
        {
            Metadata = new V1ObjectMeta { Name = "checkout", NamespaceProperty = Shop },
            Spec = new ClientIntentsSpec
            {
                Workload = new WorkloadRef { Name = "checkout" },
                Targets = [new IntentTarget { Kubernetes = new KubernetesTarget { Name = "cart" } }],
            },
        });
    }

    private static V1NetworkPolicy Policy(string? installation)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.Workload] = "Deployment/shop/web" };
        if (installation is not null)
        {
            annotations[WayleaveLabels.Installation] = installation;
        }

        return new V1NetworkPolicy
        {
            ApiVersion = "networking.k8s.io/v1",
            Kind = "NetworkPolicy",
            Metadata = new V1ObjectMeta
            {
                Name = Cart,
                NamespaceProperty = Shop,
                Annotations = annotations,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue,
                    [WayleaveLabels.Direction] = WayleaveLabels.Ingress,
                },
            },
            Spec = new V1NetworkPolicySpec { PodSelector = new V1LabelSelector(), PolicyTypes = ["Ingress"] },
        };
    }
}
