using Wayleave.Api;
using Wayleave.Testing.Operators;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class ServiceTargetTests(SharedCluster shared) : EnforcementTest(shared)
{
    private const string Ports =
        "[{name: redis, port: 6379, protocol: TCP, targetPort: 7000}, {name: metrics, port: 9121, protocol: TCP, targetPort: http-metrics}, "
        + "{name: gossip, port: 53, protocol: UDP}]";

    private const string Redis = $"{{selector: {{app: redis, tier: data}}, ports: {Ports}}}";

    private static readonly string RedisPolicy = PolicyName("redis", "service");

    [Fact]
    public async Task Allows_the_target_ports_of_a_Service_by_number_and_by_name()
    {
        var data = await NewNamespaceAsync();
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Workloads.Service(data, "redis", Redis), Yaml.Intents(shop, "checkout", $"[{{service: {{name: redis.{data}}}}}]"));
        await Cluster.UntilPolicyAsync(data, RedisPolicy, Allowed(shop, "{port: 53, protocol: UDP}, {port: 7000, protocol: TCP}, {port: http-metrics, protocol: TCP}"));
        var policy = await Cluster.FindPolicyAsync(data, RedisPolicy);
        policy!.Metadata.Annotations!["wayleave.dev/workload"].ShouldBe($"Service/{data}/redis");
    }

    [Fact]
    public async Task Allows_only_the_declared_ports_of_a_Service()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Workloads.Service(shop, "redis", Redis), Yaml.Intents(shop, "checkout", "[{service: {name: redis, ports: [9121, 6379]}}]"));
        await Cluster.UntilPolicyAsync(shop, RedisPolicy, Allowed(shop, "{port: 7000, protocol: TCP}, {port: http-metrics, protocol: TCP}"));
    }

    [Fact]
    public async Task Reports_a_port_that_the_Service_lacks_and_allows_the_others()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Workloads.Service(shop, "redis", Redis), Yaml.Intents(shop, "checkout", "[{service: {name: redis, ports: [6379, 81]}}]"));
        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.ServicePortNotFound);
        intents.Status!.Targets![0].Message!.ShouldContain("spec.targets[0].service.ports");
        await Cluster.UntilPolicyAsync(shop, RedisPolicy, Allowed(shop, "{port: 7000, protocol: TCP}"));
    }

    [Fact]
    public async Task Updates_the_policy_when_the_Service_changes()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Workloads.Service(shop, "redis", Redis), Yaml.Intents(shop, "checkout", "[{service: {name: redis, ports: [6379]}}]"));
        await Cluster.UntilPolicyAsync(shop, RedisPolicy, Allowed(shop, "{port: 7000, protocol: TCP}"));
        await ApplyAsync(Workloads.Service(shop, "redis", "{selector: {app: valkey}, ports: [{port: 6379, protocol: TCP}]}"));
        await Cluster.UntilPolicyAsync(shop, RedisPolicy, Allow("valkey", From(shop, "checkout", 6379)));
    }

    [Fact]
    public async Task Writes_the_policy_of_a_Service_created_later_and_keeps_it_when_the_Service_is_deleted()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{service: {name: redis}}]"));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.ServiceNotFound);
        var service = Workloads.Service(shop, "redis", "{selector: {app: redis}, ports: [{port: 6379, protocol: TCP}]}");
        await ApplyAsync(service);
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        (await Cluster.PolicyNamesAsync(shop)).ShouldBe([RedisPolicy]);
        await Cluster.DeleteAsync(service);
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.ServiceNotFound);
        (await Cluster.PolicyNamesAsync(shop)).ShouldBe([RedisPolicy]);
        await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]"));
        await Cluster.UntilPoliciesAsync(shop);
    }

    [Theory]
    [InlineData("{ports: [{port: 80, protocol: TCP}]}", Reasons.ServiceWithoutSelector)]
    [InlineData("{type: ExternalName, externalName: redis.example.com}", Reasons.ExternalNameService)]
    public async Task Reports_a_Service_without_Pods_as_not_supported_and_enforces_the_other_target(string spec, string reason)
    {
        var shop = await NewNamespaceWithAsync("checkout", "cart");
        await ApplyAsync(
            Workloads.Service(shop, "redis", spec), Yaml.Intents(shop, "checkout", "[{service: {name: redis}}, {kubernetes: {name: cart}}]"));
        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "True", Reasons.PartiallyEnforced);
        intents.Status!.Targets!.Select(target => $"{target.State} {target.Reason}").ShouldBe([$"NotSupported {reason}", "Enforced Enforced"]);
        (await Cluster.PolicyNamesAsync(shop)).ShouldBe([PolicyName("cart")]);
    }

    private static string Allowed(string @namespace, string ports) => Of(
        $$$"""
        podSelector: {matchLabels: {app: redis, tier: data}}
        policyTypes: [Ingress]
        ingress:
        - from:
          - podSelector: {matchLabels: {app: redis, tier: data}}
        - from:
          - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{{@namespace}}}}}
            podSelector: {matchLabels: {app: checkout}}
          ports: [{{{ports}}}]
        """);
}
