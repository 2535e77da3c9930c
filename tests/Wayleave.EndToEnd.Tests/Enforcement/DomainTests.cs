using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Domains that the operator looks up, with answers that the test gives.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DomainTests(LifecycleCluster lifecycle)
{
    private const string Hosts =
        """
        127.0.0.1 localhost
        203.0.113.21 api.example.com
        203.0.113.20 api.example.com
        2001:db8::5 api.example.com
        10.1.2.3 private.example.com
        169.254.169.254 metadata.example.com
        """;

    [Fact]
    public async Task Addresses_of_domains_are_opened_and_shown_and_unsafe_ones_are_not()
    {
        var hosts = Path.GetTempFileName();
        await File.WriteAllTextAsync(hosts, Hosts);
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("checkout");
        await scene.Cluster.ApplyAsync(Yaml.Enforcement("strict", "{mode: Enforce, egress: true}"));
        await scene.DeclareAsync(
            "checkout",
            "[{internet: {domains: [api.example.com], ports: [443]}}, {internet: {domains: [private.example.com, metadata.example.com], ports: [443]}}, "
                + "{internet: {domains: [\"*.example.com\"]}}]");
        var running = await scene.StartAsync(new OperatorSettings { Arguments = [LifecycleCluster.NoTelemetry], HostsPath = hosts });
        await running.WaitUntilReadyAsync();

        var ranges = string.Join(", ", new[] { "10.1.2.3/32", "2001:db8::5/128", "203.0.113.20/32", "203.0.113.21/32" }
            .Order(StringComparer.Ordinal).Select(range => $"{{ipBlock: {{cidr: \"{range}\"}}}}"));
        var dns = "{ports: [{port: 53, protocol: TCP}, {port: 53, protocol: UDP}]}";
        await scene.Cluster.UntilPolicyAsync(
            scene.Namespace,
            "wayleave-deployment-checkout-egress",
            PolicyText.Of($"{{podSelector: {{matchLabels: {{app: checkout}}}}, policyTypes: [Egress], egress: [{dns}, {{to: [{ranges}], ports: [{{port: 443, protocol: TCP}}]}}]}}"));
        var intents = await scene.Cluster.UntilIntentsAsync(scene.Namespace, "checkout", "False", Reasons.UnsafeAddress);
        intents.Status!.Targets!.ConvertAll(target => $"{target.State} {target.Reason} {string.Join(' ', target.Addresses ?? [])}".TrimEnd()).ShouldBe(
            ["Enforced Enforced 2001:db8::5 203.0.113.20 203.0.113.21", "Failed UnsafeAddress 10.1.2.3", "NotSupported WildcardDomain"]);
        (await running.ReadMetricsAsync()).Sum("wayleave_domains").ShouldBe(3);
        File.Delete(hosts);
    }

    [Fact]
    public async Task Nothing_is_looked_up_where_egress_is_not_restricted()
    {
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("checkout");
        await scene.DeclareAsync("checkout", "[{internet: {domains: [api.example.com]}}]");
        var running = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);

        await scene.Cluster.UntilIntentsAsync(scene.Namespace, "checkout", "True", Reasons.EgressNotRestricted);

        var metrics = await running.ReadMetricsAsync();
        (metrics.Sum("wayleave_domains"), metrics.Sum("wayleave_domain_lookups_total")).ShouldBe((0, 0));
    }
}
