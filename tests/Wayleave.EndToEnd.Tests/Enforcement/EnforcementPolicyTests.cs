using System.Net;
using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>The effect of an EnforcementPolicy on the namespaces that it selects, and its status.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class EnforcementPolicyTests(SharedCluster shared) : EnforcementTest(shared), IAsyncLifetime
{
    private static readonly string _cartAndCheckout = PolicyText.Allow("cart", PolicyText.From("NAMESPACE", "checkout"));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Cluster.DeleteAllAsync<EnforcementPolicy>();

    [Fact]
    public async Task Changes_the_mode_of_only_the_selected_namespace()
    {
        var test = await DeclaredAsync();
        var prod = await DeclaredAsync();
        await Cluster.UntilEnforcedAsync(test, "checkout");
        await Cluster.UntilEnforcedAsync(prod, "checkout");
        var before = await Cluster.FindPolicyAsync(prod, ClusterExpectations.PolicyName("cart"));

        await ApplyAsync(Of(test, "mode: Shadow"));
        await Cluster.UntilIntentsAsync(test, "checkout", "True", Reasons.Shadow);
        await Cluster.UntilPoliciesAsync(test);

        await ApplyAsync(Of(test, "mode: Disabled"));
        await Cluster.UntilIntentsAsync(test, "checkout", "True", Reasons.PartiallyEnforced);

        await ApplyAsync(Of(test, "mode: Enforce"));
        await Cluster.UntilPolicyAsync(test, ClusterExpectations.PolicyName("cart"), _cartAndCheckout.Replace("NAMESPACE", test, StringComparison.Ordinal));
        var after = await Cluster.FindPolicyAsync(prod, ClusterExpectations.PolicyName("cart"));
        after!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Intents_from_a_namespace_that_is_not_accepted_neither_allow_nor_isolate()
    {
        var shop = await DeclaredAsync();
        await Cluster.UntilEnforcedAsync(shop, "checkout");

        await ApplyAsync(Of(shop, "mode: Enforce, acceptFrom: {namespaceSelector: {matchLabels: {accepted: \"yes\"}}}"));
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.NotAccepted);
        await Cluster.UntilPoliciesAsync(shop);

        await KubectlAsync("label", "namespace", shop, "accepted=yes");
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await KubectlAsync("label", "namespace", shop, "accepted-");
        await Cluster.UntilIntentsAsync(shop, "checkout", "False", Reasons.NotAccepted);
        await Cluster.UntilPoliciesAsync(shop);
    }

    [Fact]
    public async Task Deleting_the_policy_returns_its_namespaces_to_the_default()
    {
        var shop = await DeclaredAsync();
        await ApplyAsync(Of(shop, "mode: Shadow"));
        await Cluster.UntilIntentsAsync(shop, "checkout", "True", Reasons.Shadow);

        await Cluster.DeleteAsync(Of(shop, "mode: Shadow"));

        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Governs_a_namespace_while_it_has_the_selected_label()
    {
        var shop = await DeclaredAsync();
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        await ApplyAsync(Yaml.Enforcement("by-label", $"{{mode: Shadow, namespaceSelector: {{matchLabels: {{shadow: {shop}}}}}}}"));
        await Cluster.UntilEnforcementAsync("by-label", "True", Reasons.NoNamespaceSelected);

        await KubectlAsync("label", "namespace", shop, $"shadow={shop}");
        await Cluster.UntilIntentsAsync(shop, "checkout", "True", Reasons.Shadow);
        (await Cluster.UntilEnforcementAsync("by-label", "True", Reasons.Active)).Status!.Workloads.ShouldBe(2);

        await KubectlAsync("label", "namespace", shop, "shadow-");
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Allows_the_callers_in_its_allow_list()
    {
        var shop = await DeclaredAsync();

        await ApplyAsync(Of(shop, "mode: Enforce, allow: {from: [{namespaceSelector: {matchLabels: {team: ingress}}, ports: [8080]}]}"));

        var always = "{from: [{namespaceSelector: {matchLabels: {team: ingress}}}], ports: [{port: 8080, protocol: TCP}]}";
        await Cluster.UntilPolicyAsync(
            shop, ClusterExpectations.PolicyName("cart"), PolicyText.Allow("cart", PolicyText.From(shop, "checkout"), always));
    }

    [Fact]
    public async Task An_outranked_policy_reports_the_namespace_and_the_policy_that_governs_it()
    {
        var shop = await DeclaredAsync();
        await ApplyAsync(Yaml.Enforcement("low", $"{{mode: Shadow, priority: 1, namespaceSelector: {Named(shop)}}}"));
        await Cluster.UntilEnforcementAsync("low", "True", Reasons.Active);

        await ApplyAsync(Yaml.Enforcement("high", $"{{mode: Enforce, priority: 2, namespaceSelector: {Named(shop)}}}"));

        var low = await Cluster.UntilEnforcementAsync("low", "True", Reasons.Overridden);
        low.Status!.Overridden.ShouldBe(1);
        low.Status.Conditions!.Find(condition => condition.Type == ConditionTypes.Overridden)!.Message
            .ShouldBe($"{shop}: \"high\" governs it (spec.priority 2 over 1)");
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    [Fact]
    public async Task Records_one_Event_when_it_starts_to_govern()
    {
        var shop = await DeclaredAsync();
        await ApplyAsync(Yaml.Enforcement(shop, "{mode: Enforce, namespaceSelector: {matchLabels: {nobody: has-this}}}"));
        await Cluster.UntilEnforcementAsync(shop, "True", Reasons.NoNamespaceSelected);
        await ApplyAsync(Of(shop, "mode: Enforce"));
        await Cluster.UntilEnforcementAsync(shop, "True", Reasons.Active);

        await Testing.ControlPlane.Poll.UntilAsync(
            "the Event of the policy",
            async _ => string.Join(", ", await Cluster.EventsAsync("default", shop)),
            events => events == "Normal Active",
            Poll.Patience,
            CancellationToken.None);
    }

    [Theory]
    [InlineData("mode: Maybe", "spec.mode")]
    [InlineData("priority: 1", "spec.mode")]
    [InlineData("mode: Enforce, priority: -1", "spec.priority")]
    [InlineData("mode: Enforce, priority: 1001", "spec.priority")]
    [InlineData("mode: Enforce, namespaceSelector: {matchExpressions: [{key: env, operator: Like, values: [a]}]}", "spec.namespaceSelector.matchExpressions")]
    [InlineData("mode: Enforce, namespaceSelector: {matchExpressions: [{key: env, operator: In}]}", "spec.namespaceSelector.matchExpressions")]
    [InlineData("mode: Enforce, namespaceSelector: {matchLabels: {env: \"a b\"}}", "spec.namespaceSelector.matchLabels")]
    [InlineData("mode: Enforce, allow: {from: [{}]}", "spec.allow.from")]
    [InlineData("mode: Enforce, allow: {external: Maybe}", "spec.allow.external")]
    [InlineData("mode: Enforce, allow: {dnsPorts: [dns]}", "spec.allow.dnsPorts")]
    [InlineData("mode: Enforce, allow: {from: [{ipBlock: {cidr: ten}}]}", "spec.allow.from.ipBlock.cidr")]
    [InlineData("mode: Enforce, allow: {from: [{podSelector: {}, ports: [0]}]}", "spec.allow.from.ports")]
    public async Task The_API_server_rejects_a_schema_violation_and_names_the_field(string spec, string field)
    {
        var refused = await Should.ThrowAsync<HttpRequestException>(() => ApplyAsync(Yaml.Enforcement("refused", $"{{{spec}}}")));

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ClusterExpectations.WithoutIndexes(refused.Message).ShouldContain(field);
    }

    [Fact]
    public async Task The_API_server_rejects_an_unquoted_Off_and_names_the_field()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Yaml.Enforcement("refused", "{mode: Off}"));

        var refused = await Cluster.ControlPlane.KubectlAsync(["create", "--validate=false", "--filename", file]);

        File.Delete(file);
        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("spec.mode");
    }

    [Fact]
    public async Task The_operator_reports_an_invalid_selector_and_the_policy_governs_nothing()
    {
        var shop = await DeclaredAsync();

        await ApplyAsync(Yaml.Enforcement("odd", "{mode: Disabled, namespaceSelector: {matchLabels: {\"a b\": c}}}"));

        var odd = await Cluster.UntilEnforcementAsync("odd", "False", Reasons.InvalidSpec);
        odd.Status!.Conditions!.ShouldContain(condition => condition.Type == ConditionTypes.Stalled && condition.Message.StartsWith("spec.namespaceSelector.matchLabels: "));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
    }

    private async Task<string> DeclaredAsync()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        return shop;
    }

    private static string Of(string @namespace, string spec) => Yaml.Enforcement(@namespace, $"{{{spec}, namespaceSelector: {Named(@namespace)}}}");

    private static string Named(string @namespace) => $"{{matchLabels: {{kubernetes.io/metadata.name: {@namespace}}}}}";
}
