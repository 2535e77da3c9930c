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
    public void What_was_written_and_read_back_needs_no_second_write()
    {
        var intents = Written();

        StatusEquality.Same(intents.Status, Summarize(intents, TargetResult.Enforced, _now.AddDays(1))).ShouldBeTrue();
    }

    [Fact]
    public void A_condition_that_someone_else_added_does_not_count()
    {
        var intents = Written();
        intents.Status!.Conditions!.Insert(0, new V1Condition { Type = "Audited", Status = "True" });

        StatusEquality.Same(intents.Status, Summarize(intents, TargetResult.Enforced, _now)).ShouldBeTrue();
    }

    [Fact]
    public void The_order_of_conditions_does_not_count()
    {
        var missing = TargetResult.Pending(Reasons.WorkloadNotFound, "there is none");
        var intents = Written();
        intents.Status = Summarize(intents, missing, _now);
        intents.Status.Conditions!.Count.ShouldBe(2);
        intents.Status.Conditions.Reverse();

        StatusEquality.Same(intents.Status, Summarize(intents, missing, _now)).ShouldBeTrue();
    }

    [Fact]
    public void What_a_second_installation_says_does_not_count()
    {
        var intents = Written();
        intents.Status!.Conditions!.Add(new V1Condition { Type = ConditionTypes.OwnedByAnother, Status = "True" });

        StatusEquality.Same(intents.Status, Summarize(intents, TargetResult.Enforced, _now)).ShouldBeTrue();
    }

    public static TheoryData<string, Action<ClientIntentsStatus>> Changes => new()
    {
        { "generation", status => status.ObservedGeneration = 9 },
        { "enforced", status => status.Enforced = "0/1" },
        { "no conditions", status => status.Conditions = null },
        { "a condition more", status => status.Conditions!.Add(new V1Condition { Type = "Stalled" }) },
        { "a pause", status => status.Conditions!.Add(new V1Condition { Type = "Paused" }) },
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
    public void Every_field_of_ours_counts(string field, Action<ClientIntentsStatus> change)
    {
        var intents = Written();
        change(intents.Status!);

        StatusEquality.Same(intents.Status, Written().Status).ShouldBeFalse(field);
    }

    [Fact]
    public void No_status_is_not_a_status()
    {
        StatusEquality.Same(null, Written().Status).ShouldBeFalse();
        StatusEquality.Same((ProtectedServiceStatus?)null, new ProtectedServiceStatus()).ShouldBeFalse();
    }

    [Fact]
    public void A_protections_status_is_compared_likewise()
    {
        var protection = Given.Protection("cart");
        var result = new ProtectionResult(NamespacedName.Of(protection), 1, TargetResult.Enforced, null);
        protection.Status = ProtectionSummary.Summarize(protection, [result], _now);
        var json = JsonSerializer.Serialize(protection, ApiJson.Default.ProtectedService);
        var read = JsonSerializer.Deserialize(json, ApiJson.Default.ProtectedService)!;

        StatusEquality.Same(read.Status, ProtectionSummary.Summarize(read, [result], _now.AddDays(1))).ShouldBeTrue();
        StatusEquality.Same(read.Status, ProtectionSummary.Summarize(read, [], _now)).ShouldBeFalse();
    }

    private static ClientIntents Written()
    {
        var intents = Given.Intents("checkout", Given.Target("cart"));
        intents.Status = Summarize(intents, TargetResult.Enforced, _now);
        var json = JsonSerializer.Serialize(intents, ApiJson.Default.ClientIntents);
        return JsonSerializer.Deserialize(json, ApiJson.Default.ClientIntents)!;
    }

    private static ClientIntentsStatus Summarize(ClientIntents intents, TargetResult result, DateTimeOffset now) =>
        IntentsSummary.Summarize(intents, [new CallResult(NamespacedName.Of(intents), 1, 0, result, null)], now);
}
