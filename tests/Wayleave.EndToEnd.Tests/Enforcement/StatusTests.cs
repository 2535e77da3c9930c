using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class StatusTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Fact]
    public async Task Reports_the_state_of_each_target_of_the_current_generation()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(
            shop,
            "checkout",
            "[{kubernetes: {name: cart, http: [{path: /v1/items, methods: [GET]}]}}, {internet: {domains: [api.example.com], ips: [203.0.113.0/24]}}, "
            + "{kafka: {name: kafka.streams, topics: [{name: orders, operations: [produce]}]}}, {sql: {name: orders-db}}]"));
        var intents = await Cluster.UntilIntentsAsync(shop, "checkout", "True", Reasons.PartiallyEnforced);
        intents.Status!.ObservedGeneration.ShouldBe(1);
        intents.Status.EnforcedGeneration.ShouldBe(1);
        intents.Status.Enforced.ShouldBe("1/4");
        intents.Status.Targets!.Select(target => $"{target.Type} {target.Name} {target.State} {target.Reason}").ShouldBe(
        [
            $"kubernetes cart.{shop} Enforced HttpPathsNotEnforced",
            "internet api.example.com and 1 more Disabled EgressNotRestricted",
            "kafka kafka.streams NotSupported NotSupported",
            "sql orders-db NotSupported NotSupported",
        ]);
        var ready = intents.Status.Conditions.ShouldHaveSingleItem();
        ready.Type.ShouldBe(ConditionTypes.Ready);
        ready.Message.ShouldBe("1 of 4 targets enforced, 1 disabled, 2 not supported");
        ready.ObservedGeneration.ShouldBe(1);
        ready.LastTransitionTime.ShouldBeGreaterThan(default);
    }

    [Fact]
    public async Task Keeps_the_transition_time_of_a_condition_until_its_status_changes()
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        var first = await Cluster.UntilEnforcedAsync(shop, "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]"));
        var second = await Cluster.UntilEnforcedAsync(shop, "checkout");
        second.Status!.ObservedGeneration.ShouldBe(2);
        second.Status.Conditions![0].LastTransitionTime.ShouldBe(first.Status!.Conditions![0].LastTransitionTime);
        second.Status.Conditions[0].ObservedGeneration.ShouldBe(2);
        second.Status.Conditions[0].Message.ShouldBe("2 of 2 targets enforced");
    }

    [Fact]
    public async Task Sets_Reconciling_only_while_a_target_is_pending()
    {
        var shop = await NewNamespaceWithAsync("checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        var awaiting = await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.WorkloadNotFound);
        awaiting.Status!.Conditions!.Select(condition => $"{condition.Type} {condition.Status}").ShouldBe(["Ready False", "Reconciling True"], ignoreOrder: true);
        await ApplyAsync(Yaml.Workload(shop, "cart"));
        var done = await Cluster.UntilEnforcedAsync(shop, "checkout");
        done.Status!.Conditions!.Select(condition => $"{condition.Type} {condition.Status}").ShouldBe(["Ready True"]);
    }

    [Fact]
    public async Task Restores_its_own_status_fields_and_keeps_conditions_of_others()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        const string lie = """
            {"status": {"enforced": "9/9", "conditions": [
              {"type": "Ready", "status": "False", "reason": "Lie", "message": "no", "lastTransitionTime": "2020-01-01T00:00:00Z"},
              {"type": "Approved", "status": "True", "reason": "Audit", "message": "yes", "lastTransitionTime": "2020-01-01T00:00:00Z"}]}}
            """;
        await KubectlAsync("patch", "clientintents", "checkout", $"--namespace={shop}", "--subresource=status", "--type=merge", $"--patch={lie}");
        var restored = await Cluster.UntilEnforcedAsync(shop, "checkout");
        restored.Status!.Enforced.ShouldBe("1/1");
        restored.Status.Conditions!.ShouldContain(condition => condition.Type == "Approved");
    }

    [Fact]
    public async Task Kubectl_shows_the_status_in_columns_and_the_Events()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(
            Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]", "calls"),
            Yaml.Protection(shop, "cart"));
        await Cluster.UntilIntentsAsync(shop, "calls", "False", Reasons.WorkloadNotFound);
        await Cluster.UntilProtectionAsync(shop, "cart", "True", Reasons.Enforced);

        Rows(await KubectlAsync("get", "ci", $"--namespace={shop}")).ShouldBe(["NAME CLIENT READY REASON ENFORCED AGE", "calls checkout False WorkloadNotFound 1/2"]);
        Rows(await KubectlAsync("get", "ps", $"--namespace={shop}")).ShouldBe(["NAME SERVER READY REASON AGE", "cart cart True Enforced"]);
        var wide = await KubectlAsync("get", "clientintents", "--output=wide", $"--namespace={shop}");
        wide.ShouldContain("MESSAGE");
        wide.ShouldContain($"1 of 2 targets enforced, 1 pending; spec.targets[1].kubernetes.name: no workload is named \"orders\" in namespace \"{shop}\"");
        var described = await KubectlAsync("describe", "ci", "calls", $"--namespace={shop}");
        described.ShouldContain("Warning  WorkloadNotFound");
        described.ShouldContain("wayleave.dev/operator");
    }

    [Fact]
    public async Task Kubectl_can_wait_for_the_Ready_condition()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        (await KubectlAsync("wait", "--for=condition=Ready", "--timeout=20s", "ci/checkout", $"--namespace={shop}")).ShouldContain("condition met");
    }

    // Without the age, which is the last column and always changes.
    private static IReadOnlyList<string> Rows(string table) =>
    [
        .. table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select((cells, row) => string.Join(' ', row == 0 ? cells : cells[..^1])),
    ];
}
