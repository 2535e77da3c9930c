using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Isolated servers that are exposed outside the cluster. The cluster has a node, so that its Pod range is known.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class ExternalTrafficTests(SharedCluster shared) : EnforcementTest(shared), IAsyncLifetime
{
    private const string Node =
        """
        apiVersion: v1
        kind: Node
        metadata: {name: external-traffic}
        spec: {podCIDRs: [10.244.7.0/24], podCIDR: 10.244.7.0/24}
        """;

    private const string Outside =
        "{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.244.7.0/24]}}, {ipBlock: {cidr: '::/0'}}], ports: [{port: 8080, protocol: TCP}]}";

    private string _shop = "";

    public async Task InitializeAsync()
    {
        await ApplyAsync(Node);
        _shop = await NewNamespaceAsync();
        await ApplyAsync(Exposed(_shop, "cart"), Yaml.Protection(_shop, "cart"));
    }

    public async Task DisposeAsync()
    {
        await Cluster.DeleteAllAsync<EnforcementPolicy>();
        await Cluster.DeleteAsync(Node);
    }

    [Fact]
    public async Task A_load_balancer_reaches_its_isolated_server_on_the_target_port()
    {
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart"));

        await ApplyAsync(Service("{type: LoadBalancer, selector: {app: cart}, ports: [{port: 80, targetPort: http, protocol: TCP}]}"));
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart", Outside));

        await ApplyAsync(Yaml.Enforcement(_shop, $"{{mode: Enforce, allow: {{external: Never}}, namespaceSelector: {Named(_shop)}}}"));
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart"));

        await ApplyAsync(Yaml.Enforcement(_shop, $"{{mode: Enforce, allow: {{external: Auto}}, namespaceSelector: {Named(_shop)}}}"));
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart", Outside));

        await ApplyAsync(Service("{type: ClusterIP, selector: {app: cart}, ports: [{port: 80, targetPort: http, protocol: TCP}]}"));
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart"));
        await Cluster.UntilProtectionAsync(_shop, "cart", "True", Reasons.Enforced);
    }

    [Fact]
    public async Task An_ingress_controller_reaches_the_servers_of_its_Ingresses()
    {
        var controller = await NewNamespaceAsync();
        await ApplyAsync(
            Service("{selector: {app: cart}, ports: [{name: web, port: 80, targetPort: http, protocol: TCP}]}"),
            $$$"""
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: {{{_shop}}}}
            spec: {controller: k8s.io/ingress-nginx}
            """,
            $$$"""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: cart, namespace: {{{_shop}}}}
            spec: {ingressClassName: {{{_shop}}}, defaultBackend: {service: {name: cart, port: {name: web} } } }
            """);
        var waiting = await Cluster.UntilProtectionAsync(_shop, "cart", "True", Reasons.Enforced);
        await Cluster.UntilConditionAsync<ProtectedService>(_shop, "cart", "ExternalTraffic=False IngressControllerNotFound");

        await ApplyAsync(Workloads.Deployment(
            controller, "nginx", "{matchLabels: {app.kubernetes.io/name: ingress-nginx}}", "{app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller}"));
        var peer = $"{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {controller}}}}}, podSelector: {{matchLabels: {{app.kubernetes.io/name: ingress-nginx}}}}}}";
        var rule = $"{{from: [{peer}], ports: [{{port: 8080, protocol: TCP}}]}}";
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart", rule));
        await Cluster.UntilConditionAsync<ProtectedService>(_shop, "cart", "ExternalTraffic absent");

        await ApplyAsync(Yaml.Enforcement(
            _shop, $"{{mode: Enforce, allow: {{ingressControllers: [{{namespaceSelector: {{matchLabels: {{team: ingress}}}}}}]}}, namespaceSelector: {Named(_shop)}}}"));
        var configured = "{from: [{namespaceSelector: {matchLabels: {team: ingress}}}], ports: [{port: 8080, protocol: TCP}]}";
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart", configured));
        waiting.Metadata.Name.ShouldBe("cart");
    }

    [Fact]
    public async Task The_API_server_reaches_its_isolated_webhooks()
    {
        await ApplyAsync(Service("{selector: {app: cart}, ports: [{port: 443, targetPort: http, protocol: TCP}]}"));
        var webhook =
            $$$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: {{{_shop}}}}
            webhooks:
            - name: cart.example.com
              admissionReviewVersions: [v1]
              sideEffects: None
              failurePolicy: Ignore
              rules: [{apiGroups: [none.example.com], apiVersions: [v1], operations: [CREATE], resources: [nothing]}]
              clientConfig: {service: {name: cart, namespace: {{{_shop}}}}}
            """;
        await ApplyAsync(webhook);
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart", Outside));

        await Cluster.DeleteAsync(webhook);
        await Cluster.UntilPolicyAsync(_shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart"));
    }

    private string Service(string spec) => Workloads.Service(_shop, "cart", spec);

    private static string Named(string @namespace) => $"{{matchLabels: {{kubernetes.io/metadata.name: {@namespace}}}}}";

    private static string Exposed(string @namespace, string name) =>
        $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
        spec:
          replicas: 0
          selector: {matchLabels: {app: {{{name}}}}}
          template:
            metadata: {labels: {app: {{{name}}}}}
            spec: {containers: [{name: main, image: none, ports: [{name: http, containerPort: 8080, protocol: TCP}]}]}
        """;
}
