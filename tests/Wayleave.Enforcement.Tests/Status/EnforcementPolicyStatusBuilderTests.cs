using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Status;

namespace Wayleave.Enforcement.Tests.Status;

public class EnforcementPolicyStatusBuilderTests
{
    private static readonly Dictionary<string, string> _prod = new() { ["env"] = "prod" };

    [Fact]
    public void Counts_the_governed_namespaces_and_workloads()
    {
        var status = Summarize("strict", [new("shop", _prod, 3), new("data", _prod, 4), new("test", null, 5)], Policy("strict"));

        (status.Namespaces, status.Workloads, status.Overridden).ShouldBe((2, 7, 0));
        Texts(status).ShouldBe(["Ready True Active governs 2 namespaces"]);
    }

    [Fact]
    public void Is_ready_and_reports_a_selector_that_matches_no_namespace() =>
        Texts(Summarize("strict", [new("test", null, 5)], Policy("strict")))
            .ShouldBe(["Ready True NoNamespaceSelected no namespace has the labels of spec.namespaceSelector; label one, or correct the selector"]);

    [Fact]
    public void Reports_which_policy_outranks_it_and_why()
    {
        NamespaceEntry[] namespaces = [new("shop", _prod, 3)];
        var higher = Policy("higher", priority: 9);
        var older = Policy("older", day: 0);
        var first = Policy("first");

        Texts(Summarize("strict", namespaces, Policy("strict"), higher)).ShouldBe([
            "Ready True Overridden governs 0 namespaces; another policy governs each selected namespace",
            "Overridden True Overridden shop: \"higher\" governs it (spec.priority 9 over 0)"]);
        Texts(Summarize("strict", namespaces, Policy("strict"), older))[1]
            .ShouldBe("Overridden True Overridden shop: \"older\" governs it (the same spec.priority, and older)");
        Texts(Summarize("strict", namespaces, Policy("strict"), first))[1]
            .ShouldBe("Overridden True Overridden shop: \"first\" governs it (the same spec.priority and age, and its name comes first)");
    }

    [Fact]
    public void Names_three_outranked_namespaces_and_counts_the_others()
    {
        var namespaces = Enumerable.Range(0, 5).Select(number => new NamespaceEntry($"team-{number}", _prod, 0)).ToList();

        Texts(Summarize("strict", namespaces, Policy("strict"), Policy("higher", priority: 1)))[1].ShouldEndWith(
            "team-2: \"higher\" governs it (spec.priority 1 over 0); and 2 more namespaces");
    }

    [Fact]
    public void A_valid_policy_is_in_force_without_a_copy_of_its_spec()
    {
        var policy = new EnforcementPolicy { Metadata = Given.Meta("strict", ""), Spec = new EnforcementPolicySpec { Mode = "Enforce" } };

        var status = EnforcementPolicyStatusBuilder.Summarize(policy, Policy("strict"), null, DateTimeOffset.UnixEpoch);

        (status.ObservedGeneration, status.EnforcedGeneration, status.EnforcedSpec).ShouldBe((1, 1, null));
    }

    [Fact]
    public void Stores_the_governing_spec_in_the_status_while_an_edit_is_invalid()
    {
        var before = new EnforcementPolicySpec { Mode = "Shadow", Allow = new AllowedTraffic { From = [new() { Ports = [80, "53/UDP"] }] } };
        var policy = new EnforcementPolicy
        {
            Metadata = Given.Meta("strict", ""),
            Spec = new EnforcementPolicySpec { Mode = "Of" },
            Status = new EnforcementPolicyStatus { ObservedGeneration = 1, EnforcedGeneration = 1 },
        };
        policy.Metadata.Generation = 2;

        var status = EnforcementPolicyStatusBuilder.Summarize(policy, Policy("strict") with { Spec = before }, null, DateTimeOffset.UnixEpoch);

        (status.ObservedGeneration, status.EnforcedGeneration).ShouldBe((2, 1));
        Texts(status)[1].ShouldBe("Stalled True InvalidSpec spec.mode: \"Of\" is not a mode; use Enforce, Shadow or Disabled; generation 1 stays in force");
        policy.Status = status;
        var read = EnforcementPolicyStatusBuilder.ReadEnforcedSpec(policy)!;
        (read.Mode, read.Allow!.From![0].Ports![1]).ShouldBe(("Shadow", new("53/UDP")));
        EnforcementPolicyParser.Parse(policy.Metadata, read, new EnforcementDefaults(EnforcementMode.Enforce, ""))!.Settings.Mode.ShouldBe(EnforcementMode.Shadow);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"mode\": 7}")]
    public void Ignores_a_stored_spec_that_cannot_be_read(string? text) =>
        EnforcementPolicyStatusBuilder.ReadEnforcedSpec(new EnforcementPolicy { Status = new EnforcementPolicyStatus { EnforcedSpec = text } }).ShouldBeNull();

    [Fact]
    public void An_invalid_policy_that_never_governed_has_no_generation_in_force()
    {
        var policy = new EnforcementPolicy { Metadata = Given.Meta("strict", ""), Spec = new EnforcementPolicySpec { Mode = "" } };

        var status = EnforcementPolicyStatusBuilder.Summarize(policy, null, null, DateTimeOffset.UnixEpoch);

        (status.EnforcedGeneration, status.EnforcedSpec).ShouldBe((null, null));
        Texts(status)[0].ShouldNotContain("stays in force");
    }

    [Theory]
    [InlineData("spec.allow.dnsPorts: 8000-9100", "8000-9100", null)]
    [InlineData("spec.allow.from[0].ports: 8000-9100", null, "8000-9100")]
    [InlineData(null, "8000-8100", "8000-8100")]
    public void Names_a_port_range_that_is_too_large_for_an_API_server_without_endPort(string? named, string? dns, string? from)
    {
        var policy = new EnforcementPolicy
        {
            Metadata = Given.Meta("strict", ""),
            Spec = new EnforcementPolicySpec
            {
                Mode = "Enforce",
                Allow = new AllowedTraffic
                {
                    DnsPorts = dns is null ? null : [dns],
                    From = from is null ? null : [new AllowedCaller { Ports = [from] }],
                },
            },
        };
        var coverage = new PolicyCoverage(2, 3, []);

        var old = EnforcementPolicyStatusBuilder.Summarize(policy, Policy("strict"), coverage, DateTimeOffset.UnixEpoch, supportsPortRanges: false);
        var current = EnforcementPolicyStatusBuilder.Summarize(policy, Policy("strict"), coverage, DateTimeOffset.UnixEpoch);

        Texts(old)[0].ShouldStartWith(named is null ? "Ready True Active" : $"Ready True PartiallyEnforced governs 2 namespaces; {named}");
        Texts(current)[0].ShouldStartWith("Ready True Active");
    }

    private static EnforcementPolicyStatus Summarize(string name, IReadOnlyList<NamespaceEntry> namespaces, params ParsedEnforcementPolicy[] policies)
    {
        var policy = policies.Single(candidate => candidate.Name == name);
        var governance = new EnforcementPolicyResolver(new EnforcementDefaults(EnforcementMode.Enforce, ""), policies);
        var entity = new EnforcementPolicy { Metadata = Given.Meta(name, ""), Spec = new EnforcementPolicySpec { Mode = "Enforce" } };
        return EnforcementPolicyStatusBuilder.Summarize(entity, policy, PolicyCoverage.Compute(governance, policy, namespaces), DateTimeOffset.UnixEpoch);
    }

    private static List<string> Texts(EnforcementPolicyStatus status) =>
        status.Conditions!.ConvertAll(condition => $"{condition.Type} {condition.Status} {condition.Reason} {condition.Message}");

    private static ParsedEnforcementPolicy Policy(string name, int priority = 0, int day = 1) => new()
    {
        Name = name,
        Priority = priority,
        Created = DateTimeOffset.UnixEpoch.AddDays(day),
        Selector = Given.Selector(("env", "prod")),
        Settings = new NamespaceSettings(EnforcementMode.Enforce) { Policy = name },
    };
}
