using System.Diagnostics;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Testing.Dns;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Domains that the operator looks up at a nameserver of the test.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DomainTests(LifecycleCluster lifecycle) : IAsyncLifetime
{
    private const string Egress = "wayleave-deployment-checkout-egress";
    private const string DnsRule = "{ports: [{port: 53, protocol: TCP}, {port: 53, protocol: UDP}]}";
    private readonly DnsServer _dns = DnsServer.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _dns.DisposeAsync();

    [Fact]
    public async Task Allows_and_reports_the_addresses_of_domains_except_unsafe_ones()
    {
        _dns.Set("api.example.com", DnsRecord.CName("api.example.com", "edge.example.net"));
        _dns.Set("edge.example.net", "203.0.113.21", "203.0.113.20", "2001:db8::5");
        _dns.Set("private.example.com", "10.1.2.3");
        _dns.Set("metadata.example.com", "169.254.169.254");
        await using var scene = await RestrictedAsync();
        await scene.DeclareAsync(
            "checkout",
            "[{internet: {domains: [api.example.com], ports: [443]}}, {internet: {domains: [private.example.com, metadata.example.com], ports: [443]}}, "
                + "{internet: {domains: [\"*.example.com\"]}}]");
        var running = await StartAsync(scene);

        var ranges = new[] { "10.1.2.3/32", "2001:db8::5/128", "203.0.113.20/32", "203.0.113.21/32" };
        await UntilOpenAsync(scene, ", ports: [{port: 443, protocol: TCP}]", ranges);
        var intents = await scene.Cluster.UntilIntentsAsync(scene.Namespace, "checkout", "False", Reasons.UnsafeAddress);
        intents.Status!.Targets!.ConvertAll(target => $"{target.State} {target.Reason} {string.Join(' ', target.Addresses ?? [])}".TrimEnd()).ShouldBe(
            ["Enforced Enforced 2001:db8::5 203.0.113.20 203.0.113.21", "Failed UnsafeAddress 10.1.2.3", "NotSupported WildcardDomain"]);
        (await running.ReadMetricsAsync()).Sum("wayleave_domains").ShouldBe(3);
    }

    [Fact]
    public async Task An_unanswered_domain_delays_only_its_own_client_by_five_seconds()
    {
        _dns.Set("fast.example.com", "203.0.113.7");
        var answer = _dns.Answer;
        _dns.Answer = (query, cancellationToken) =>
            query.Name.StartsWith("slow", StringComparison.Ordinal) ? Task.FromResult<DnsReply?>(null) : answer(query, cancellationToken);
        await using var scene = await RestrictedAsync();
        await StartAsync(scene);
        var slow = string.Join(", ", Enumerable.Range(0, 50).Select(number => $"slow-{number}.example.com"));

        var started = Stopwatch.GetTimestamp();
        await scene.DeclareAsync("checkout", $"[{{internet: {{domains: [{slow}]}}}}, {{internet: {{ips: [198.51.100.7]}}}}]");
        await scene.DeclareAsync("cart", "[{internet: {domains: [fast.example.com]}}]");

        await scene.Cluster.UntilEnforcedAsync(scene.Namespace, "cart");
        var other = Stopwatch.GetElapsedTime(started);
        await UntilOpenAsync(scene, "", "198.51.100.7/32");
        var own = Stopwatch.GetElapsedTime(started);
        var intents = await scene.Cluster.UntilIntentsAsync(scene.Namespace, "checkout", "False", Reasons.DomainNotResolved);
        intents.Status!.Targets!.ConvertAll(target => target.State).ShouldBe(["Pending", "Enforced"]);

        // The upper bounds leave time for the write, and for a busy machine to see it.
        other.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        own.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Keeps_addresses_allowed_across_a_restart_while_the_nameserver_does_not_answer()
    {
        var addresses = Enumerable.Range(1, 40).Select(number => $"203.0.113.{number}").Order(StringComparer.Ordinal).ToList();
        _dns.Set("many.example.com", addresses);
        await using var scene = await RestrictedAsync();
        await scene.DeclareAsync("checkout", "[{internet: {domains: [many.example.com]}}]");
        var first = await StartAsync(scene);
        var ranges = addresses.Select(address => $"{address}/32").ToArray();
        await UntilOpenAsync(scene, "", ranges);
        await scene.Cluster.UntilEnforcedAsync(scene.Namespace, "checkout");
        await first.StopAsync();

        _dns.Answer = (_, _) => Task.FromResult<DnsReply?>(null);
        await StartAsync(scene);

        await scene.Cluster.UntilIntentsAsync(scene.Namespace, "checkout", "False", Reasons.DomainNotResolved);
        await UntilOpenAsync(scene, "", ranges);
    }

    [Fact]
    public async Task Looks_up_no_domain_when_egress_is_not_restricted()
    {
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("checkout");
        await scene.DeclareAsync("checkout", "[{internet: {domains: [api.example.com]}}]");
        var running = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);

        await scene.Cluster.UntilIntentsAsync(scene.Namespace, "checkout", "True", Reasons.EgressNotRestricted);

        var metrics = await running.ReadMetricsAsync();
        (metrics.Sum("wayleave_domains"), metrics.Sum("wayleave_domain_lookups_total")).ShouldBe((0, 0));
    }

    private async Task<Scene> RestrictedAsync()
    {
        var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("checkout", "cart");
        await scene.Cluster.ApplyAsync(Yaml.Enforcement("strict", "{mode: Enforce, egress: true}"));
        return scene;
    }

    private Task<OperatorProcess> StartAsync(Scene scene) =>
        scene.StartReadyAsync(LifecycleCluster.NoTelemetry, "--dns-server", _dns.Endpoint.ToString());

    private static async Task UntilOpenAsync(Scene scene, string ports, params IReadOnlyList<string> ranges)
    {
        var to = string.Join(", ", ranges.Select(range => $"{{ipBlock: {{cidr: \"{range}\"}}}}"));
        const string own = "{to: [{podSelector: {matchLabels: {app: checkout}}}]}";
        var policy =
            $"{{podSelector: {{matchLabels: {{app: checkout}}}}, policyTypes: [Egress], egress: [{own}, {DnsRule}, {{to: [{to}]{ports}}}]}}";
        await scene.Cluster.UntilPolicyAsync(scene.Namespace, Egress, PolicyText.Of(policy));
    }
}
