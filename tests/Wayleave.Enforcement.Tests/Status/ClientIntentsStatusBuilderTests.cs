using System.Text.Json;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Tests.Status;

public class ClientIntentsStatusBuilderTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly TargetResult _pending = TargetResult.Pending(Reasons.WorkloadNotFound, "spec.targets[1].kubernetes.name: there is none");
    private static readonly TargetResult _failed = TargetResult.Failed(Reasons.AmbiguousWorkload, "spec.targets[2].kubernetes.kind: there are two");

    private readonly ClientIntents _intents = Given.Intents("checkout", Given.Target("cart"), Given.Target("orders.billing"), Given.ServiceTarget("redis"));

    [Fact]
    public void Is_ready_when_every_target_is_enforced()
    {
        var status = Summarize(TargetResult.Enforced, TargetResult.Enforced, TargetResult.Enforced);

        status.Enforced.ShouldBe("3/3");
        status.ObservedGeneration.ShouldBe(1);
        var ready = status.Conditions.ShouldHaveSingleItem();
        (ready.Type, ready.Status, ready.Reason, ready.Message, ready.ObservedGeneration)
            .ShouldBe(("Ready", "True", "Enforced", "3 of 3 targets enforced", 1));
    }

    [Theory]
    [InlineData(TargetStateNames.NotSupported, Reasons.ServiceWithoutSelector, Reasons.PartiallyEnforced, "2/3")]
    [InlineData(TargetStateNames.Disabled, Reasons.Disabled, Reasons.PartiallyEnforced, "2/3")]
    [InlineData(TargetStateNames.Disabled, Reasons.SystemNamespace, Reasons.PartiallyEnforced, "2/3")]
    [InlineData(TargetStateNames.Disabled, Reasons.ClusterDns, Reasons.PartiallyEnforced, "2/3")]
    [InlineData(TargetStateNames.Disabled, Reasons.EgressNotRestricted, Reasons.Enforced, "2/3")]
    [InlineData(TargetStateNames.Shadow, Reasons.Shadow, Reasons.PartiallyEnforced, "2/3")]
    [InlineData(TargetStateNames.Enforced, Reasons.HttpPathsNotEnforced, Reasons.PartiallyEnforced, "3/3")]
    [InlineData(TargetStateNames.Enforced, Reasons.PortNotDeclared, Reasons.Enforced, "3/3")]
    [InlineData(TargetStateNames.Enforced, Reasons.JobNotFound, Reasons.Enforced, "3/3")]
    public void Is_ready_with_a_reason_when_one_target_is_not_fully_enforced(string state, string reason, string expected, string enforced)
    {
        var status = Summarize(TargetResult.Enforced, new TargetResult(state, reason), TargetResult.Enforced);

        Conditions(status).ShouldBe(["Ready=True"]);
        status.Conditions![0].Reason.ShouldBe(expected);
        status.Enforced.ShouldBe(enforced);
    }

    [Fact]
    public void Is_ready_with_a_reason_when_no_target_is_enforced()
    {
        var status = Summarize([.. Enumerable.Repeat(TargetResult.Disabled(Reasons.Disabled), 3)]);

        (status.Conditions![0].Status, status.Conditions[0].Reason, status.Enforced).ShouldBe(("True", Reasons.PartiallyEnforced, "0/3"));
        Summarize([.. Enumerable.Repeat(TargetResult.Disabled(Reasons.EgressNotRestricted), 3)]).Conditions![0].Reason.ShouldBe(Reasons.EgressNotRestricted);
    }

    [Fact]
    public void Is_stalled_when_a_target_failed_and_others_are_not_fully_enforced() =>
        Conditions(Summarize(TargetResult.EnforcedWithoutPaths, _failed, TargetResult.Disabled(Reasons.Disabled))).ShouldBe(["Ready=False", "Stalled=True"]);

    [Fact]
    public void Targets_are_listed_in_the_order_of_the_spec()
    {
        var status = Summarize(TargetResult.Enforced, _pending, TargetResult.EnforcedWithoutPaths);

        status.Targets!.Select(target => (target.Name, target.Type, target.State, target.Reason, target.Message)).ShouldBe(
        [
            ("cart.shop", "kubernetes", "Enforced", "Enforced", null),
            ("orders.billing", "kubernetes", "Pending", "WorkloadNotFound", "spec.targets[1].kubernetes.name: there is none"),
            ("redis.shop", "service", "Enforced", "HttpPathsNotEnforced", null),
        ]);
    }

    [Fact]
    public void Is_reconciling_when_a_target_is_pending()
    {
        var status = Summarize(TargetResult.Enforced, _pending, TargetResult.Enforced);

        Conditions(status).ShouldBe(["Ready=False", "Reconciling=True"]);
        status.Conditions![0].Reason.ShouldBe("WorkloadNotFound");
        status.Conditions[0].Message.ShouldBe("2 of 3 targets enforced, 1 pending; spec.targets[1].kubernetes.name: there is none");
    }

    [Fact]
    public void Is_stalled_when_one_target_failed_and_another_is_pending()
    {
        var status = Summarize(TargetResult.Enforced, _pending, _failed);

        Conditions(status).ShouldBe(["Ready=False", "Stalled=True"]);
        status.Conditions![0].Reason.ShouldBe("AmbiguousWorkload");
        status.Conditions[0].Message.ShouldBe(
            "1 of 3 targets enforced, 1 failed, 1 pending; spec.targets[2].kubernetes.kind: there are two; spec.targets[1].kubernetes.name: there is none");
    }

    [Fact]
    public void A_target_without_a_result_is_in_progress()
    {
        var status = ClientIntentsStatusBuilder.Build(_intents, [], _now);

        status.Targets!.ShouldAllBe(target => target.State == "Pending" && target.Reason == "Pending");
        Conditions(status).ShouldBe(["Ready=False", "Reconciling=True"]);
    }

    [Fact]
    public void Ignores_results_for_another_generation()
    {
        _intents.Metadata.Generation = 2;

        Summarize(TargetResult.Enforced, TargetResult.Enforced, TargetResult.Enforced).Enforced.ShouldBe("0/3");
    }

    [Fact]
    public void Ignores_results_for_targets_that_do_not_exist()
    {
        var results = new[] { -1, 3, int.MaxValue }.Select(index => new IntentResult(NamespacedName.From(_intents), 1, index, TargetResult.Enforced, null));

        ClientIntentsStatusBuilder.Build(_intents, results, _now).Enforced.ShouldBe("0/3");
    }

    [Fact]
    public void Is_ready_when_a_target_is_not_supported()
    {
        _intents.Spec.Targets.Add(new IntentTarget { Sql = new SqlTarget { Name = "orders-db" } });

        var status = Summarize(TargetResult.Enforced, TargetResult.Enforced, TargetResult.Enforced);

        Conditions(status).ShouldBe(["Ready=True"]);
        status.Enforced.ShouldBe("3/4");
        status.Conditions![0].Message.ShouldBe("3 of 4 targets enforced, 1 not supported");
        status.Targets![3].State.ShouldBe("NotSupported");
    }

    [Fact]
    public void Is_ready_with_reason_Shadow_when_all_targets_are_in_shadow()
    {
        var status = Summarize(TargetResult.Shadow, TargetResult.Shadow, TargetResult.Shadow);

        Conditions(status).ShouldBe(["Ready=True"]);
        status.Conditions![0].Reason.ShouldBe("Shadow");
        status.Conditions[0].Message.ShouldBe("0 of 3 targets enforced, 3 in shadow");
    }

    [Fact]
    public void Reports_a_problem_of_the_whole_object_once()
    {
        _intents.Spec.Clusters = new ClusterSelection { Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["tier"] = "no value" } } };

        var status = Summarize(TargetResult.Enforced, TargetResult.Enforced, TargetResult.Enforced);

        status.Conditions![0].Reason.ShouldBe(Reasons.InvalidSpec);
        status.Conditions[0].Message.ShouldBe(
            "0 of 3 targets enforced, 3 failed; spec.clusters.selector.matchLabels: \"tier\": \"no value\" cannot be a label; use at most 63 letters, digits, \"-\", \"_\" and \".\"");
    }

    [Fact]
    public void An_invalid_edit_keeps_the_targets_of_the_generation_in_force()
    {
        _intents.Status = Summarize(TargetResult.Enforced, TargetResult.Enforced with { Addresses = ["203.0.113.7"] }, TargetResult.Shadow);
        _intents.Status.EnforcedGeneration.ShouldBe(1);
        _intents.Metadata.Generation = 2;
        _intents.Spec.Targets = [Given.Target("Cart"), Given.Target("orders")];

        var status = ClientIntentsStatusBuilder.Build(_intents, [], _now);

        (status.ObservedGeneration, status.EnforcedGeneration, status.Enforced).ShouldBe((2, 1, "0/2"));
        Conditions(status).ShouldBe(["Ready=False", "Stalled=True"]);
        status.Conditions![0].Message.ShouldEndWith("; generation 1 stays in force");
        status.Targets!.Select(target => (target.Name, target.State, target.Reason, target.Message)).ShouldBe(
        [
            ("cart.shop", "Pending", "InvalidSpec", "declared by generation 1, which stays in force"),
            ("orders.billing", "Pending", "InvalidSpec", "declared by generation 1, which stays in force"),
            ("redis.shop", "Pending", "InvalidSpec", "declared by generation 1, which stays in force"),
        ]);
        status.Targets![1].Addresses.ShouldBe(["203.0.113.7"]);

        // The generation in force stays after another invalid edit and a restart.
        _intents.Status = status;
        _intents.Metadata.Generation = 3;
        _intents.Spec.Workload.Name = "";
        var next = ClientIntentsStatusBuilder.Build(_intents, [], _now);
        (next.EnforcedGeneration, next.Targets!.Count).ShouldBe((1, 3));
    }

    [Fact]
    public void Sets_no_enforced_generation_when_no_target_is_valid()
    {
        _intents.Spec.Targets = [Given.Target("Cart")];

        ClientIntentsStatusBuilder.Build(_intents, [], _now).EnforcedGeneration.ShouldBeNull();
    }

    [Fact]
    public void Sets_a_transition_time_in_whole_seconds_only_when_the_status_changes()
    {
        var before = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        _intents.Status = new ClientIntentsStatus
        {
            Conditions =
            [
                new V1Condition { Type = "Ready", Status = "False", Reason = "Other", LastTransitionTime = before },
                new V1Condition { Type = "Stalled", Status = "True", LastTransitionTime = before },
            ],
        };

        var status = Summarize(TargetResult.Enforced, _pending, TargetResult.Enforced);

        status.Conditions![0].LastTransitionTime.ShouldBe(before);
        status.Conditions[1].LastTransitionTime.ShouldBe(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
    }

    [Fact]
    public void A_thousand_targets_with_the_longest_names_fit_into_etcd()
    {
        var name = $"{new string('a', 253)}.{new string('b', 63)}";
        var result = TargetResult.Failed(Reasons.AmbiguousWorkload, new string('x', 5000));
        var intents = Given.Intents("checkout", Enumerable.Repeat(Given.Target(name), 1000).ToArray());

        var status = ClientIntentsStatusBuilder.Build(intents, Enumerable.Range(0, 1000).Select(i => Results(intents, i, result)), _now);

        status.Targets!.Count.ShouldBe(1000);
        status.Conditions!.ShouldAllBe(condition => condition.Message.Length <= 1024);
        intents.Status = status;
        JsonSerializer.SerializeToUtf8Bytes(intents, ApiJson.Default.ClientIntents).Length.ShouldBeLessThan(1_250_000);
    }

    private static IntentResult Results(ClientIntents intents, int index, TargetResult result) =>
        new(NamespacedName.From(intents), 1, index, result, null);

    private static IEnumerable<string> Conditions(ClientIntentsStatus status) =>
        status.Conditions!.Select(condition => $"{condition.Type}={condition.Status}");

    private ClientIntentsStatus Summarize(params TargetResult[] results) =>
        ClientIntentsStatusBuilder.Build(_intents, results.Select((result, index) => Results(_intents, index, result)), _now);
}
