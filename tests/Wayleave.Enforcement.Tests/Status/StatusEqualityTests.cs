using System.Text.Json;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Tests.Status;

public class StatusEqualityTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Fact]
    public void A_status_that_was_read_back_equals_a_later_summary_of_the_same_result()
    {
        var intents = Written();

        StatusEquality.AreEqual(intents.Status, Summarize(intents, TargetResult.Enforced, _now.AddDays(1))).ShouldBeTrue();
    }

    [Fact]
    public void Ignores_a_condition_that_another_controller_added()
    {
        var intents = Written();
        intents.Status!.Conditions!.Insert(0, new V1Condition { Type = "Audited", Status = "True" });

        StatusEquality.AreEqual(intents.Status, Summarize(intents, TargetResult.Enforced, _now)).ShouldBeTrue();
    }

    [Fact]
    public void Ignores_the_order_of_conditions()
    {
        var missing = TargetResult.Pending(Reasons.WorkloadNotFound, "there is none");
        var intents = Written();
        intents.Status = Summarize(intents, missing, _now);
        intents.Status.Conditions!.Count.ShouldBe(2);
        intents.Status.Conditions.Reverse();

        StatusEquality.AreEqual(intents.Status, Summarize(intents, missing, _now)).ShouldBeTrue();
    }

    [Fact]
    public void Ignores_the_condition_of_a_second_installation()
    {
        var intents = Written();
        intents.Status!.Conditions!.Add(new V1Condition { Type = ConditionTypes.OwnedByAnother, Status = "True" });

        StatusEquality.AreEqual(intents.Status, Summarize(intents, TargetResult.Enforced, _now)).ShouldBeTrue();
    }

    public static TheoryData<string, Action<ClientIntentsStatus>> Changes => new()
    {
        { "generation", status => status.ObservedGeneration = 9 },
        { "enforced", status => status.Enforced = "0/1" },
        { "no conditions", status => status.Conditions = null },
        { "an extra condition", status => status.Conditions!.Add(new V1Condition { Type = "Stalled" }) },
        { "a Paused condition", status => status.Conditions!.Add(new V1Condition { Type = "Paused" }) },
        { "the same condition twice", status => status.Conditions!.Add(status.Conditions![0]) },
        { "a condition's status", status => status.Conditions![0].Status = "False" },
        { "a condition's reason", status => status.Conditions![0].Reason = "Other" },
        { "a condition's message", status => status.Conditions![0].Message = "other" },
        { "a condition's generation", status => status.Conditions![0].ObservedGeneration = 9 },
        { "a condition's time", status => status.Conditions![0].LastTransitionTime = DateTime.UnixEpoch },
        { "no targets", status => status.Targets = null },
        { "a target's name", status => status.Targets![0].Name = "other" },
        { "a target's type", status => status.Targets![0].Type = "other" },
        { "a target's state", status => status.Targets![0].State = "Failed" },
        { "a target's reason", status => status.Targets![0].Reason = "Other" },
        { "a target's message", status => status.Targets![0].Message = "other" },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void Detects_a_change_of_each_field_that_the_operator_owns(string field, Action<ClientIntentsStatus> change)
    {
        var intents = Written();
        change(intents.Status!);

        StatusEquality.AreEqual(intents.Status, Written().Status).ShouldBeFalse(field);
    }

    [Fact]
    public void A_missing_status_differs_from_any_status()
    {
        StatusEquality.AreEqual(null, Written().Status).ShouldBeFalse();
        StatusEquality.AreEqual((ProtectedServiceStatus?)null, new ProtectedServiceStatus()).ShouldBeFalse();
    }

    [Fact]
    public void Compares_the_status_of_a_ProtectedService()
    {
        var protection = Given.Protection("cart");
        var result = new ProtectionResult(NamespacedName.From(protection), 1, TargetResult.Enforced, null);
        protection.Status = ProtectedServiceStatusBuilder.Summarize(protection, [result], _now);
        var json = JsonSerializer.Serialize(protection, ApiJson.Default.ProtectedService);
        var read = JsonSerializer.Deserialize(json, ApiJson.Default.ProtectedService)!;

        StatusEquality.AreEqual(read.Status, ProtectedServiceStatusBuilder.Summarize(read, [result], _now.AddDays(1))).ShouldBeTrue();
        StatusEquality.AreEqual(read.Status, ProtectedServiceStatusBuilder.Summarize(read, [], _now)).ShouldBeFalse();
    }

    private static ClientIntents Written()
    {
        var intents = Given.Intents("checkout", Given.Target("cart"));
        intents.Status = Summarize(intents, TargetResult.Enforced, _now);
        var json = JsonSerializer.Serialize(intents, ApiJson.Default.ClientIntents);
        return JsonSerializer.Deserialize(json, ApiJson.Default.ClientIntents)!;
    }

    private static ClientIntentsStatus Summarize(ClientIntents intents, TargetResult result, DateTimeOffset now) =>
        ClientIntentsStatusBuilder.Build(intents, [new IntentResult(NamespacedName.From(intents), 1, 0, result, null)], now);
}
