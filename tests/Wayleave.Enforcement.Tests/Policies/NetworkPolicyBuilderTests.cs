using System.Text.Json.Nodes;
using k8s;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

public class NetworkPolicyBuilderTests
{
    private static readonly PolicySubject _server = new("Deployment", "shop", "cart", Given.Selector(("app", "cart")));

    [Fact]
    public void Builds_a_policy_with_every_default_written_out()
    {
        var caller = new AllowedPods(Given.Workload("checkout").Subject, [new PolicyPort("TCP", 80), new PolicyPort("TCP", "http")]);
        var policy = NetworkPolicyBuilder.Ingress(_server, [caller]);

        JsonNode.DeepEquals(JsonNode.Parse(KubernetesJson.Serialize(policy)), JsonNode.Parse(
            """
            {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",
            "metadata":{"name":"wayleave-deployment-cart-ingress","namespace":"shop",
            "labels":{"app.kubernetes.io/managed-by":"wayleave","wayleave.dev/direction":"ingress"},
            "annotations":{"wayleave.dev/workload":"Deployment/shop/cart"}},
            "spec":{"podSelector":{"matchLabels":{"app":"cart"}},"policyTypes":["Ingress"],
            "ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"cart"}}}]},{"from":[{"podSelector":{"matchLabels":{"app":"checkout"}},
            "namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"shop"}}}],
            "ports":[{"protocol":"TCP","port":80},{"protocol":"TCP","port":"http"}]}]}}
            """)).ShouldBeTrue();
    }

    [Fact]
    public void Allows_all_ports_for_a_caller_without_ports()
    {
        var policy = NetworkPolicyBuilder.Ingress(_server, [new AllowedPods(Given.Workload("checkout").Subject, [])], allowsOwnPods: false);

        policy.Spec!.Ingress.ShouldHaveSingleItem().Ports.ShouldBeNull();
    }

    [Fact]
    public void Builds_an_empty_list_of_rules_without_callers() =>
        NetworkPolicyBuilder.Ingress(_server, [], allowsOwnPods: false).Spec!.Ingress.ShouldBeEmpty();
}
