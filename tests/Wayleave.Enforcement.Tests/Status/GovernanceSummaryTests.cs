using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Status;

namespace Wayleave.Enforcement.Tests.Status;

public class GovernanceSummaryTests
{
    private static readonly Dictionary<string, string> _prod = new() { ["env"] = "prod" };

    [Fact]
    public void It_says_how_much_is_governed()
    {
        var status = Summarize("strict", [new("shop", _prod, 3), new("data", _prod, 4), new("test", null, 5)], Policy("strict"));

        (status.Namespaces, status.Workloads, status.Outranked).ShouldBe((2, 7, 0));
        Texts(status).ShouldBe(["Ready True Governing governs 2 namespaces"]);
    }

    [Fact]
    public void A_selector_that_takes_in_nothing_is_said_and_is_no_failure() =>
        Texts(Summarize("strict", [new("test", null, 5)], Policy("strict")))
            .ShouldBe(["Ready True NoNamespaceSelected no namespace has the labels of spec.namespaceSelector; label one, or correct the selector"]);

    [Fact]
    public void Where_another_governs_it_says_which_and_why()
    {
        NamespaceEntry[] namespaces = [new("shop", _prod, 3)];
        var higher = Policy("higher", priority: 9);
        var older = Policy("older", day: 0);
        var first = Policy("first");

        Texts(Summarize("strict", namespaces, Policy("strict"), higher)).ShouldBe([
            "Ready True Outranked governs 0 namespaces; another policy governs each that it selects",
            "Outranked True Outranked shop: \"higher\" governs it (spec.priority 9 over 0)"]);
        Texts(Summarize("strict", namespaces, Policy("strict"), older))[1]
            .ShouldBe("Outranked True Outranked shop: \"older\" governs it (the same spec.priority, and older)");
        Texts(Summarize("strict", namespaces, Policy("strict"), first))[1]
            .ShouldBe("Outranked True Outranked shop: \"first\" governs it (the same spec.priority and age, and its name comes first)");
    }

    [Fact]
    public void Of_many_namespaces_three_are_named()
    {
        var namespaces = Enumerable.Range(0, 5).Select(number => new NamespaceEntry($"team-{number}", _prod, 0)).ToList();

        Texts(Summarize("strict", namespaces, Policy("strict"), Policy("higher", priority: 1)))[1].ShouldEndWith(
            "team-2: \"higher\" governs it (spec.priority 1 over 0); and 2 more namespaces");
    }

    private static EnforcementPolicyStatus Summarize(string name, IReadOnlyList<NamespaceEntry> namespaces, params GoverningPolicy[] policies)
    {
        var policy = policies.Single(candidate => candidate.Name == name);
        var governance = new NamespaceGovernance(new GovernanceDefaults(EnforcementMode.Enforce, ""), policies);
        var entity = new EnforcementPolicy { Metadata = Given.Meta(name, ""), Spec = new EnforcementPolicySpec { Mode = "Enforce" } };
        return GovernanceSummary.Summarize(entity, policy, GovernanceCensus.Take(governance, policy, namespaces), DateTimeOffset.UnixEpoch);
    }

    private static List<string> Texts(EnforcementPolicyStatus status) =>
        status.Conditions!.ConvertAll(condition => $"{condition.Type} {condition.Status} {condition.Reason} {condition.Message}");

    private static GoverningPolicy Policy(string name, int priority = 0, int day = 1) => new()
    {
        Name = name,
        Priority = priority,
        Created = DateTimeOffset.UnixEpoch.AddDays(day),
        Selector = Given.Selector(("env", "prod")),
        Rule = new NamespaceRule(NamespaceMode.Of(EnforcementMode.Enforce)) { Policy = name },
    };
}
