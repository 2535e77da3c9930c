using Wayleave.Api;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Status;

namespace Wayleave.Enforcement.Tests.Observed;

public class ObservedSummaryTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly ClientIntents _intents = Given.Intents("checkout", Given.Target("cart"));

    [Fact]
    public void Counts_undeclared_calls_and_names_at_most_three()
    {
        var status = Status(Seen.Workload("cart", 8080), Seen.Workload("d", 4), Seen.Workload("b", 2), Seen.Workload("c", 3), Seen.Domain("a.example.com"));

        status.Observed.ShouldBe(new ObservedCallCounts { Undeclared = 4 });
        Condition(status).ShouldBe((
            "True", Reasons.UndeclaredCalls, "4 calls not declared: a.example.com:443, b.shop:2, c.shop:3 and 1 more; see kubectl wayleave map diff"));
    }

    [Fact]
    public void Says_so_when_every_call_is_declared()
    {
        var status = Status(Seen.Workload("cart", 8080));

        status.Observed.ShouldBe(new ObservedCallCounts());
        Condition(status).ShouldBe(("False", Reasons.AllCallsDeclared, "every call that was seen is declared"));
    }

    [Fact]
    public void Counts_an_unanswered_call_only_as_unanswered()
    {
        var status = Status(Seen.Workload("orders", 80).With(ObservedOutcomes.Unanswered), Seen.Workload("cart", 80).With(ObservedOutcomes.Unanswered));

        status.Observed.ShouldBe(new ObservedCallCounts { Unanswered = 2 });
        Condition(status).Status.ShouldBe("False");
    }

    [Fact]
    public void Does_not_affect_readiness()
    {
        var without = ClientIntentsStatusBuilder.Build(_intents, [], _now);
        var with = Status(Seen.Workload("orders", 80));

        with.Conditions!.Where(condition => condition.Type != ConditionTypes.UndeclaredCalls).Select(condition => (condition.Type, condition.Status, condition.Reason))
            .ShouldBe(without.Conditions!.Select(condition => (condition.Type, condition.Status, condition.Reason)));
    }

    [Fact]
    public void Has_neither_field_nor_condition_when_nothing_is_known()
    {
        var status = ClientIntentsStatusBuilder.Build(_intents, [], _now);

        status.Observed.ShouldBeNull();
        status.Conditions!.ShouldNotContain(condition => condition.Type == ConditionTypes.UndeclaredCalls);
    }

    [Fact]
    public void A_status_differs_only_if_the_numbers_or_the_message_do()
    {
        ObservedCall first = Seen.Workload("orders", 80), again = Seen.Workload("orders", 80);
        again.Last = DateTime.UnixEpoch.AddDays(1);
        var status = Status(first);

        StatusEquality.AreEqual(status, Status(again)).ShouldBeTrue();
        StatusEquality.AreEqual(status, Status(first, Seen.Workload("b", 2))).ShouldBeFalse();
        StatusEquality.AreEqual(status, Status(Seen.Workload("b", 2))).ShouldBeFalse();
    }

    [Fact]
    public void Is_unknown_while_an_earlier_generation_of_a_declaration_stays_in_force()
    {
        _intents.Spec.Targets[0].Kubernetes!.Name = "Not a name";
        _intents.Metadata.Generation = 2;
        _intents.Status = new ClientIntentsStatus { EnforcedGeneration = 1 };

        Summary(Seen.Workload("cart", 8080)).ShouldBeNull();
    }

    [Fact]
    public void Adds_up_the_workloads_that_a_client_is()
    {
        var seen = Seen.By(Seen.Workload("orders", 80));
        var declared = new DeclaredCalls([_intents]);

        ObservedSummary.Create([(seen, declared), (seen, declared)], new UndeclaredCallFinder(new TestServers()))!.Undeclared.ShouldBe(["orders.shop:80", "orders.shop:80"]);
    }

    private ObservedSummary? Summary(params ObservedCall[] calls) =>
        ObservedSummary.Create([(Seen.By(calls), new DeclaredCalls([_intents]))], new UndeclaredCallFinder(new TestServers()));

    private ClientIntentsStatus Status(params ObservedCall[] calls) => ClientIntentsStatusBuilder.Build(_intents, [], _now, Summary(calls));

    private static (string Status, string Reason, string Message) Condition(ClientIntentsStatus status)
    {
        var condition = status.Conditions!.Single(condition => condition.Type == ConditionTypes.UndeclaredCalls);
        return (condition.Status, condition.Reason, condition.Message);
    }
}
