using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Governance;

namespace Wayleave.Enforcement.Tests.Governance;

public class EnforcementPolicyResolverTests
{
    private static readonly EnforcementDefaults _defaults = new(EnforcementMode.Enforce, "wayleave-system");

    [Theory]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    [InlineData("kube-node-lease")]
    [InlineData("kube-flannel")]
    [InlineData("openshift-dns")]
    [InlineData("wayleave-system")]
    public void System_namespaces_and_the_operators_own_are_disabled(string name) =>
        GetSettings(name).ShouldBe(new NamespaceSettings(EnforcementMode.Disabled) { ModeReason = Reasons.SystemNamespace });

    [Fact]
    public void Every_other_namespace_has_the_default_mode() =>
        GetSettings("kubernetes").ShouldBe(new NamespaceSettings(EnforcementMode.Enforce));

    [Theory]
    [InlineData("rancher-*", "rancher-operator", true)]
    [InlineData("*-system", "istio-system", true)]
    [InlineData("gmp-*-x", "gmp-public-x", true)]
    [InlineData("monitoring", "monitoring", true)]
    [InlineData("monitoring", "monitoring-2", false)]
    [InlineData("rancher-*", "Rancher-operator", false)]
    [InlineData("rancher-*", "team-rancher-operator", false)]
    [InlineData("*", "shop", true)]
    public void Matches_additional_system_namespaces_by_pattern(string pattern, string name, bool isSystem) =>
        (_defaults with { SystemNamespaces = [pattern] }).IsSystem(name).ShouldBe(isSystem);

    [Theory]
    [InlineData(EnforcementMode.Shadow, Reasons.Shadow)]
    [InlineData(EnforcementMode.Disabled, Reasons.Disabled)]
    public void A_default_mode_other_than_Enforce_has_its_own_reason(EnforcementMode mode, string reason) =>
        new EnforcementPolicyResolver(new EnforcementDefaults(mode, ""), []).GetSettings("shop", null)
            .ShouldBe(new NamespaceSettings(mode) { ModeReason = reason });

    [Fact]
    public void A_policy_governs_the_namespaces_that_its_selector_matches()
    {
        var prod = Policy("prod", EnforcementMode.Shadow, selector: Given.Selector(("env", "prod")));

        GetSettings("shop", [("env", "prod")], prod).Policy.ShouldBe("prod");
        GetSettings("shop", [("env", "test")], prod).Policy.ShouldBeNull();
        GetSettings("shop", [], prod).Mode.ShouldBe(EnforcementMode.Enforce);
    }

    [Fact]
    public void An_empty_selector_matches_every_namespace_except_system_namespaces()
    {
        var all = Policy("all", EnforcementMode.Shadow);

        GetSettings("shop", [], all).Policy.ShouldBe("all");
        GetSettings("kube-system", [(WayleaveLabels.NamespaceName, "kube-system")], all).ModeReason.ShouldBe(Reasons.SystemNamespace);
    }

    [Fact]
    public void A_policy_governs_a_system_namespace_only_when_it_selects_it_by_name()
    {
        var byLabel = Policy("system", EnforcementMode.Enforce, selector: Given.Selector((WayleaveLabels.NamespaceName, "kube-system")));
        var byList = Policy("system", EnforcementMode.Enforce, selector: new V1LabelSelector
        {
            MatchExpressions = [new() { Key = WayleaveLabels.NamespaceName, OperatorProperty = "In", Values = ["shop", "kube-system"] }],
        });
        var byNegation = Policy("system", EnforcementMode.Enforce, selector: new V1LabelSelector
        {
            MatchExpressions = [new() { Key = WayleaveLabels.NamespaceName, OperatorProperty = "NotIn", Values = ["shop"] }],
        });

        foreach (var policy in new[] { byLabel, byList })
        {
            GetSettings("kube-system", [(WayleaveLabels.NamespaceName, "kube-system")], policy).Policy.ShouldBe("system");
            GetSettings("kube-public", [(WayleaveLabels.NamespaceName, "kube-public")], policy).Policy.ShouldBeNull();
        }

        GetSettings("kube-system", [(WayleaveLabels.NamespaceName, "kube-system")], byNegation).Policy.ShouldBeNull();
    }

    [Fact]
    public void Chooses_one_policy_by_priority_then_age_then_name()
    {
        var low = Policy("a", EnforcementMode.Enforce, priority: 1, day: 1);
        var high = Policy("z", EnforcementMode.Shadow, priority: 2, day: 9);
        var older = Policy("y", EnforcementMode.Shadow, priority: 2, day: 8);
        var first = Policy("b", EnforcementMode.Shadow, priority: 2, day: 8);

        GetSettings("shop", [], low, high).Policy.ShouldBe("z");
        GetSettings("shop", [], high, older, low).Policy.ShouldBe("y");
        GetSettings("shop", [], high, older, first, low).Policy.ShouldBe("b");
    }

    private static NamespaceSettings GetSettings(string name, (string Key, string Value)[]? labels = null, params ParsedEnforcementPolicy[] policies) =>
        new EnforcementPolicyResolver(_defaults, policies).GetSettings(name, labels?.ToDictionary(label => label.Key, label => label.Value));

    private static ParsedEnforcementPolicy Policy(string name, EnforcementMode mode, int priority = 0, int day = 1, V1LabelSelector? selector = null) => new()
    {
        Name = name,
        Priority = priority,
        Created = DateTimeOffset.UnixEpoch.AddDays(day),
        Selector = selector ?? new V1LabelSelector(),
        Settings = new NamespaceSettings(mode) { Policy = name },
    };
}
