using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Clients that may reach only what they declare.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class EgressTests(SharedCluster shared) : EnforcementTest(shared), IAsyncLifetime
{
    private const string Egress = "wayleave-deployment-checkout-egress";
    private const string OwnPods = "{to: [{podSelector: {matchLabels: {app: checkout}}}]}";
    private const string DnsRule = "{ports: [{port: 53, protocol: TCP}, {port: 53, protocol: UDP}]}";

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Cluster.DeleteAllAsync<EnforcementPolicy>();

    [Fact]
    public async Task Allows_targets_when_they_are_declared_and_denies_them_when_they_are_removed()
    {
        var shop = await RestrictedAsync("cart", "orders", "checkout");

        await DeclareAsync(shop, "[{kubernetes: {name: cart, ports: [8080]}}, {kubernetes: {name: orders}}]");
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, To(shop, "cart", 8080), To(shop, "orders")));
        await Cluster.UntilEnforcedAsync(shop, "checkout");

        await DeclareAsync(shop, "[{kubernetes: {name: orders}}]");
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, To(shop, "orders")));

        await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]"));
        await Cluster.UntilPoliciesAsync(shop);
    }

    [Fact]
    public async Task Updates_the_policy_when_a_server_is_recreated_with_other_labels()
    {
        var shop = await RestrictedAsync("checkout");
        await DeclareAsync(shop, "[{kubernetes: {name: cart}}]");
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.WorkloadNotFound);
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule));

        await ApplyAsync(Yaml.Workload(shop, "cart"));
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, To(shop, "cart")));

        await Cluster.DeleteAsync(Yaml.Workload(shop, "cart"));
        await ApplyAsync(Workloads.Deployment(shop, "cart", "{matchLabels: {app: basket}}", "{app: basket}"));
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, To(shop, "basket")));
    }

    [Fact]
    public async Task Allows_the_current_endpoints_of_a_Service_without_a_selector()
    {
        var shop = await RestrictedAsync("checkout");
        await ApplyAsync(Workloads.Service(shop, "legacy", "{ports: [{name: db, port: 5432, targetPort: 15432, protocol: TCP}]}"));
        await DeclareAsync(shop, "[{service: {name: legacy}}]");
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.NoEndpoints);

        await ApplyAsync(Endpoints(shop, "203.0.113.7"));
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, ToAddresses("203.0.113.7/32", 15432)));
        await Cluster.UntilEnforcedAsync(shop, "checkout");

        await ApplyAsync(Endpoints(shop, "203.0.113.8"));
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, ToAddresses("203.0.113.8/32", 15432)));
    }

    [SkippableFact]
    public async Task Since_1_21_allows_the_current_addresses_of_EndpointSlices()
    {
        Skip.If(Cluster.ControlPlane.Version.Minor < 21, $"{Cluster.ControlPlane.Version} does not serve discovery.k8s.io/v1.");
        var shop = await RestrictedAsync("checkout");
        await ApplyAsync(
            Workloads.Service(shop, "legacy", "{ports: [{name: db, port: 5432, targetPort: 15432, protocol: TCP}]}"), Slice(shop, "one", "203.0.113.7"));
        await DeclareAsync(shop, "[{service: {name: legacy}}]");
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, ToAddresses("203.0.113.7/32", 15432)));

        await ApplyAsync(Slice(shop, "two", "203.0.113.8"));
        await Cluster.DeleteAsync(Slice(shop, "one", "203.0.113.7"));
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, ToAddresses("203.0.113.8/32", 15432)));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Allows_the_API_server_at_the_addresses_of_its_endpoints()
    {
        var shop = await RestrictedAsync("checkout");
        var address = await KubectlAsync("get", "endpoints", "kubernetes", "--namespace=default", "--output=jsonpath={.subsets[0].addresses[0].ip}");
        var port = await KubectlAsync("get", "endpoints", "kubernetes", "--namespace=default", "--output=jsonpath={.subsets[0].ports[0].port}");

        await DeclareAsync(shop, "[{service: {name: kubernetes.default}}]");

        await Cluster.UntilPolicyAsync(
            shop, Egress, Allow(DnsRule, ToAddresses($"{address}/32", int.Parse(port, System.Globalization.CultureInfo.InvariantCulture))));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Allows_external_addresses_and_denies_a_domain_that_resolves_to_loopback()
    {
        var shop = await RestrictedAsync("checkout");

        Dns.Set("home.example.com", "127.0.0.1");

        await DeclareAsync(shop, "[{internet: {ips: [203.0.113.0/24], ports: [443]}}, {internet: {domains: [home.example.com]}}]");

        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, ToAddresses("203.0.113.0/24", 443)));
        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.UnsafeAddress);
        intents.Status!.Targets!.ConvertAll(target => $"{target.State} {target.Reason}").ShouldBe(["Enforced Enforced", "Failed UnsafeAddress"]);
        intents.Status.Targets[1].Message!
            .ShouldStartWith("spec.targets[1].internet.domains[0]: \"home.example.com\" resolves to 127.0.0.1");
    }

    [Fact]
    public async Task Applies_exceptions_and_reports_invalid_ones_and_ranges_that_allow_all_addresses()
    {
        var shop = await RestrictedAsync("checkout");

        await DeclareAsync(shop, "[{internet: {ips: [0.0.0.0/0], except: [10.0.0.0/8, 192.168.0.0/16]}}]");

        await Cluster.UntilPolicyAsync(
            shop, Egress, Allow(DnsRule, "{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 192.168.0.0/16]}}]}"));
        (await UntilStatesAsync(shop, "Enforced Enforced")).ShouldBe("True");

        await DeclareAsync(shop, "[{internet: {ips: [0.0.0.0/1, 128.0.0.0/1]}}]");
        (await UntilStatesAsync(shop, "Enforced AllAddressesAllowed")).ShouldBe("True");

        await DeclareAsync(shop, "[{internet: {ips: [203.0.113.0/24], except: [198.51.100.0/24]}}]");
        (await UntilStatesAsync(shop, "Pending InvalidSpec")).ShouldBe("False");
    }

    [Fact]
    public async Task Reports_an_unresolved_domain_and_allows_the_other_targets()
    {
        var shop = await RestrictedAsync("checkout", "cart");

        await DeclareAsync(shop, "[{internet: {domains: [does-not-exist.invalid]}}, {kubernetes: {name: cart}}]");

        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, To(shop, "cart")));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.DomainNotResolved);
    }

    [Fact]
    public async Task Removes_the_egress_policy_when_egress_is_unrestricted_and_all_policies_in_Shadow()
    {
        var shop = await RestrictedAsync("cart", "checkout");
        await DeclareAsync(shop, "[{kubernetes: {name: cart}}, {internet: {ips: [203.0.113.7]}}]");
        await Cluster.UntilPoliciesAsync(shop, Egress, ClusterExpectations.PolicyName("cart"));

        await RestrictAsync(shop, "mode: Enforce");
        await Cluster.UntilPoliciesAsync(shop, ClusterExpectations.PolicyName("cart"));
        (await UntilStatesAsync(shop, "Enforced Enforced, Disabled EgressNotRestricted")).ShouldBe("True");

        await RestrictAsync(shop, "mode: Shadow, egress: true");
        await Cluster.UntilPoliciesAsync(shop);
        (await UntilStatesAsync(shop, "Shadow Shadow, Shadow Shadow")).ShouldBe("True");
    }

    [Fact]
    public async Task Restores_an_egress_policy_that_is_deleted_or_edited()
    {
        var shop = await RestrictedAsync("cart", "checkout");
        await DeclareAsync(shop, "[{kubernetes: {name: cart}}]");
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, To(shop, "cart")));

        await KubectlAsync("delete", "networkpolicy", Egress, $"--namespace={shop}");
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, To(shop, "cart")));

        await KubectlAsync("patch", "networkpolicy", Egress, $"--namespace={shop}", "--type=merge", "--patch={\"spec\": {\"egress\": [{}]}}");
        await Cluster.UntilPolicyAsync(shop, Egress, Allow(DnsRule, To(shop, "cart")));
    }

    private async Task<string> RestrictedAsync(params IReadOnlyList<string> deployments)
    {
        var shop = await NewNamespaceWithAsync(deployments);
        await RestrictAsync(shop, "mode: Enforce, egress: true");
        return shop;
    }

    private Task RestrictAsync(string shop, string spec) =>
        ApplyAsync(Yaml.Enforcement(shop, $"{{{spec}, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {shop}}}}}}}"));

    private Task DeclareAsync(string shop, string targets) => ApplyAsync(Yaml.Intents(shop, "checkout", targets));

    private async Task<string> UntilStatesAsync(string shop, string states)
    {
        var intents = await Poll.UntilAsync(
            $"the targets to be {states}",
            async token => await Cluster.Client.GetAsync<ClientIntents>("checkout", shop, token),
            seen => string.Join(", ", seen?.Status?.Targets?.Select(target => $"{target.State} {target.Reason}") ?? []) == states,
            Poll.Patience,
            CancellationToken.None);
        return intents!.Status!.Conditions!.Find(condition => condition.Type == ConditionTypes.Ready)!.Status;
    }

    private static string Slice(string @namespace, string name, string address) =>
        $$$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}, labels: {kubernetes.io/service-name: legacy}}
        addressType: IPv4
        endpoints: [{addresses: [{{{address}}}]}]
        ports: [{name: db, port: 15432, protocol: TCP}]
        """;

    private static string Endpoints(string @namespace, string address) =>
        $$$"""
        apiVersion: v1
        kind: Endpoints
        metadata: {name: legacy, namespace: {{{@namespace}}}}
        subsets: [{addresses: [{ip: {{{address}}}}], ports: [{name: db, port: 15432}]}]
        """;

    private static string Allow(params IReadOnlyList<string> rules) =>
        PolicyText.Of($"{{podSelector: {{matchLabels: {{app: checkout}}}}, policyTypes: [Egress], egress: [{string.Join(", ", rules.Prepend(OwnPods))}]}}");

    private static string To(string @namespace, string server, params IReadOnlyList<int> ports) =>
        PolicyText.From(@namespace, server, ports).Replace("{from: ", "{to: ", StringComparison.Ordinal);

    private static string ToAddresses(string range, int port) => $"{{to: [{{ipBlock: {{cidr: {range}}}}}], ports: [{{port: {port}, protocol: TCP}}]}}";
}
