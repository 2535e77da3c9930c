using k8s.Models;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>What an operator reports about a map that a network mapper would have written, against a real API server.</summary>
[Collection(LifecycleCollection.Name)]
public sealed class ObservedStatusTests(LifecycleCluster lifecycle)
{
    private const string Flag = "--observed-intents";

    private static readonly string Known = Yaml.Call("{kubernetes: {name: cart, kind: Deployment, ports: [8080]}}");
    private static readonly string Unknown = Yaml.Call("{kubernetes: {name: orders, kind: Deployment, ports: [8080]}}");
    private static readonly string Outside = Yaml.Call("{internet: {domains: [api.example.com], ports: [443]}}", more: ", addresses: [203.0.113.7]");
    private static readonly string Silent = Yaml.Call("{kubernetes: {name: search, kind: Deployment, ports: [80]}}", "Unanswered");

    [Fact]
    public async Task Counts_undeclared_and_unanswered_calls_in_the_status_of_ClientIntents()
    {
        await using var scene = await SetAsync();
        await scene.StartReadyAsync(Flag, LifecycleCluster.NoTelemetry);
        await scene.Cluster.ApplyAsync(Yaml.Observed(scene.Namespace, "checkout", $"[{Known}, {Unknown}, {Outside}, {Silent}]"));

        var intents = await UntilAsync(scene, status => status.Observed is { Undeclared: 2, Unanswered: 1 });
        var condition = Condition(intents.Status!.Conditions, ConditionTypes.UndeclaredCalls)!;
        (condition.Status, condition.Reason).ShouldBe(("True", Reasons.UndeclaredCalls));
        condition.Message.ShouldBe($"2 calls not declared: api.example.com:443, orders.{scene.Namespace}:8080; see kubectl wayleave map diff");
        Condition(intents.Status.Conditions, ConditionTypes.Ready)!.Status.ShouldBe("True");

        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders, ports: [8080]}}, {internet: {domains: ['*.example.com']}}]");
        var declared = await UntilAsync(scene, status => status.Observed is { Undeclared: 0, Unanswered: 1 });
        Condition(declared.Status!.Conditions, ConditionTypes.UndeclaredCalls)!.Reason.ShouldBe(Reasons.AllCallsDeclared);

        await scene.Cluster.DeleteAsync(Yaml.Observed(scene.Namespace, "checkout", "[]"));
        var forgotten = await UntilAsync(scene, status => status.Observed is null);
        Condition(forgotten.Status!.Conditions, ConditionTypes.UndeclaredCalls).ShouldBeNull();
    }

    [Fact]
    public async Task Says_whether_a_policy_in_Shadow_is_ready_to_enforce()
    {
        await using var scene = await SetAsync();
        await scene.StartReadyAsync(Flag, LifecycleCluster.NoTelemetry);
        await scene.Cluster.ApplyAsync(Yaml.Enforcement("rollout", $"{{mode: Shadow, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {scene.Namespace}}}}}}}"));
        await UntilReadyToEnforceAsync(scene, "Unknown", Reasons.NoObservations);

        await scene.Cluster.ApplyAsync(Yaml.Observed(scene.Namespace, "web", $"[{Known}]"));
        var cut = await UntilReadyToEnforceAsync(scene, "False", Reasons.UndeclaredCalls);
        cut.Message.ShouldContain($"web.{scene.Namespace} -> cart.{scene.Namespace}:8080");

        await scene.DeclareAsync("web", "[{kubernetes: {name: cart}}]");
        await UntilReadyToEnforceAsync(scene, "True", Reasons.ReadyToEnforce);

        await scene.Cluster.ApplyAsync(Yaml.Observed(scene.Namespace, "web", $"[{Known}]", since: $"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        await UntilReadyToEnforceAsync(scene, "False", Reasons.TooFewDays);
    }

    [Fact]
    public async Task Reports_nothing_and_requests_nothing_without_the_flag()
    {
        await using var scene = await SetAsync();
        await scene.Cluster.ApplyAsync(Yaml.Observed(scene.Namespace, "checkout", $"[{Unknown}]"));
        var mark = lifecycle.Audit.Mark();
        await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);

        var intents = await scene.Cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");

        intents.Status!.Observed.ShouldBeNull();
        intents.Status.Conditions!.Select(condition => condition.Type).ShouldBe([ConditionTypes.Ready]);
        (await lifecycle.RequestsSinceAsync(mark)).ShouldNotContain(request => request.Resource == "observedintents");
    }

    // checkout declares that it calls cart.
    private async Task<Scene> SetAsync()
    {
        var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("cart", "orders", "checkout", "web");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        return scene;
    }

    private static Task<ClientIntents> UntilAsync(Scene scene, Func<ClientIntentsStatus, bool> wanted) => scene.Cluster.WaitForAsync<ClientIntents>(
        "the seen calls in the status", scene.Namespace, "checkout", intents => intents.Status is { } status
            && status.ObservedGeneration == intents.Metadata.Generation && wanted(status));

    private static async Task<V1Condition> UntilReadyToEnforceAsync(Scene scene, string status, string reason)
    {
        var policy = await scene.Cluster.WaitForAsync<EnforcementPolicy>(
            $"ReadyToEnforce {status} {reason}", null, "rollout",
            found => Condition(found.Status?.Conditions, ConditionTypes.ReadyToEnforce) is { } condition && condition.Status == status && condition.Reason == reason);
        return Condition(policy.Status!.Conditions, ConditionTypes.ReadyToEnforce)!;
    }

    private static V1Condition? Condition(List<V1Condition>? conditions, string type) => conditions?.Find(condition => condition.Type == type);
}
