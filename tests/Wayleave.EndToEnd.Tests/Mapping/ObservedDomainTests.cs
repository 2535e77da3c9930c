using k8s.Models;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Enforcement;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Testing.Dns;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>Egress to domains whose answers a network mapper would have seen, against a real API server.</summary>
[Collection(LifecycleCollection.Name)]
public sealed class ObservedDomainTests(LifecycleCluster lifecycle)
{
    private const string Flag = "--observed-intents";
    private const string Egress = "wayleave-deployment-checkout-egress";
    private const string Wildcard = "[{internet: {domains: ['*.example.com'], ports: [443]}}, {internet: {ips: [198.51.100.7]}}]";

    [Fact]
    public async Task Opens_a_wildcard_with_the_first_answer_and_keeps_it_open_when_the_map_is_deleted()
    {
        await using var scene = await SetAsync();
        var running = await scene.StartReadyAsync(Flag, LifecycleCluster.NoTelemetry);
        await scene.DeclareAsync("checkout", Wildcard);
        await UntilOpenAsync(scene, "198.51.100.7/32");
        var waiting = await UntilTargetAsync(scene, "Pending NoAnswerSeen");
        Ready(waiting).ShouldBe(("True", Reasons.PartiallyEnforced));
        waiting.Status!.Enforced.ShouldBe("1/2");

        await SeeAsync(scene, Answer("a.example.com", "203.0.113.1"), Answer("b.c.example.com", "203.0.113.2"), Answer("example.net", "203.0.113.3"));
        await UntilOpenAsync(scene, "198.51.100.7/32", "203.0.113.1/32", "203.0.113.2/32");
        (await UntilTargetAsync(scene, "Enforced Enforced")).Status!.Targets![0].ObservedAddresses.ShouldBe(["203.0.113.1", "203.0.113.2"]);

        await scene.Cluster.DeleteAsync(Yaml.Observed(scene.Namespace, "checkout", "[]"));
        Ready(await UntilTargetAsync(scene, "Enforced LastKnownAddresses")).ShouldBe(("True", Reasons.Enforced));
        await UntilOpenAsync(scene, "198.51.100.7/32", "203.0.113.1/32", "203.0.113.2/32");
        var kept = await scene.Cluster.WaitForAsync<V1NetworkPolicy>("the policy", scene.Namespace, Egress, policy => Ranges(policy).Count == 3);

        await running.StopAsync();
        await scene.StartReadyAsync(Flag, LifecycleCluster.NoTelemetry);
        await SeeAsync(scene, Answer("new.example.com", "203.0.113.9"));
        await UntilOpenAsync(scene, "198.51.100.7/32", "203.0.113.1/32", "203.0.113.2/32", "203.0.113.9/32");
        kept.Metadata.Uid.ShouldBe((await scene.Cluster.FindPolicyAsync(scene.Namespace, Egress))!.Metadata.Uid);
    }

    [Fact]
    public async Task Never_opens_an_unsafe_address_that_the_Pods_got()
    {
        await using var scene = await SetAsync();
        await SeeAsync(scene, Answer("a.example.com", "203.0.113.1, 169.254.169.254, 127.0.0.1"));
        await scene.StartReadyAsync(Flag, LifecycleCluster.NoTelemetry);
        await scene.DeclareAsync("checkout", Wildcard);

        Ready(await UntilTargetAsync(scene, "Failed UnsafeAddress")).ShouldBe(("False", Reasons.UnsafeAddress));
        await UntilOpenAsync(scene, "198.51.100.7/32", "203.0.113.1/32");
    }

    [Fact]
    public async Task Opens_the_addresses_that_the_operator_and_the_Pods_got()
    {
        await using var dns = DnsServer.Start();
        dns.Set("api.example.com", "203.0.113.1");
        await using var scene = await SetAsync();
        await SeeAsync(scene, Answer("api.example.com", "192.0.2.9"), Answer("inner.example.com", "192.0.2.10"));
        await scene.StartReadyAsync(Flag, LifecycleCluster.NoTelemetry, "--dns-server", dns.Endpoint.ToString());

        await scene.DeclareAsync("checkout", "[{internet: {domains: [api.example.com]}}, {internet: {domains: [inner.example.com]}}]");

        await UntilOpenAsync(scene, "192.0.2.10/32", "192.0.2.9/32", "203.0.113.1/32");
        var intents = await scene.Cluster.UntilIntentsAsync(scene.Namespace, "checkout", "True", Reasons.Enforced);
        intents.Status!.Targets!.ConvertAll(target => string.Join(' ', target.ObservedAddresses ?? [])).ShouldBe(["192.0.2.9", "192.0.2.10"]);
    }

    [Fact]
    public async Task Does_not_support_wildcards_without_the_flag()
    {
        await using var scene = await SetAsync();
        await SeeAsync(scene, Answer("a.example.com", "203.0.113.1"));
        await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await scene.DeclareAsync("checkout", Wildcard);

        await UntilTargetAsync(scene, "NotSupported WildcardDomain");
        await UntilOpenAsync(scene, "198.51.100.7/32");
    }

    private async Task<Scene> SetAsync()
    {
        var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("checkout");
        await scene.Cluster.ApplyAsync(Yaml.Enforcement("strict", "{mode: Enforce, egress: true}"));
        return scene;
    }

    private static Task SeeAsync(Scene scene, params string[] calls) =>
        scene.Cluster.ApplyAsync(Yaml.Observed(scene.Namespace, "checkout", $"[{string.Join(", ", calls)}]"));

    private static string Answer(string name, string addresses) =>
        Yaml.Call($"{{internet: {{domains: [{name}]}}}}", ObservedOutcomes.Resolved, $", addresses: ['{addresses.Replace(", ", "', '", StringComparison.Ordinal)}']");

    private static Task<V1NetworkPolicy> UntilOpenAsync(Scene scene, params string[] ranges) => scene.Cluster.WaitForAsync<V1NetworkPolicy>(
        $"the policy to open {string.Join(", ", ranges)}", scene.Namespace, Egress, policy => Ranges(policy).SequenceEqual(ranges));

    internal static List<string> Ranges(V1NetworkPolicy policy) =>
        [.. policy.Spec!.Egress!.SelectMany(rule => rule.To ?? []).Select(peer => peer.IpBlock?.Cidr).OfType<string>().Order(StringComparer.Ordinal)];

    private static Task<ClientIntents> UntilTargetAsync(Scene scene, string target) => scene.Cluster.WaitForAsync<ClientIntents>(
        $"the target to be {target}", scene.Namespace, "checkout",
        intents => intents.Status?.Targets is [{ } first, ..] && $"{first.State} {first.Reason}" == target);

    private static (string Status, string Reason) Ready(ClientIntents intents)
    {
        var condition = intents.Status!.Conditions!.Single(one => one.Type == ConditionTypes.Ready);
        return (condition.Status, condition.Reason);
    }
}
