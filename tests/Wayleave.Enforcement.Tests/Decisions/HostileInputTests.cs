using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Decisions;

/// <summary>Objects that the API server should have rejected.</summary>
public class HostileInputTests
{
    private static readonly V1LabelSelector _selectorWithNulls = new() { MatchLabels = new Dictionary<string, string>() { ["app"] = null! }, MatchExpressions = [null!] };

    [Fact]
    public void Rejects_declarations_with_null_values_without_throwing()
    {
        var intents = Given.Intents("checkout",
            null!, new IntentTarget(), new IntentTarget { Kubernetes = new() { Name = null! } }, new IntentTarget { Kubernetes = new() { Name = "cart", Selector = _selectorWithNulls } },
            new IntentTarget { Service = new() { Name = null!, Ports = [default] } }, new IntentTarget { Internet = new() { Ips = [null!], Domains = [null!] } },
            new IntentTarget { Kafka = new() { Name = null! } }, new IntentTarget { Sql = new() { Name = null! } });

        intents.Parse().Targets.ShouldAllBe(target => target.Result != null);
        intents.Parse().Servers.ShouldBeEmpty();
        ClientIntentsStatusBuilder.Build(intents, [], DateTimeOffset.UnixEpoch).Conditions![0].Reason.ShouldBe(Reasons.InvalidSpec);

        intents.Spec.Workload = null!;
        intents.Parse().Client.ShouldBeNull();
        ClientIntentsStatusBuilder.Build(intents, [], DateTimeOffset.UnixEpoch).Conditions![0].Reason.ShouldBe(Reasons.InvalidSpec);
    }

    [Fact]
    public void Ignores_null_entries_of_an_EnforcementPolicy_and_rejects_nulls_in_its_selector()
    {
        var policy = new EnforcementPolicy
        {
            Metadata = Given.Meta("strict", ""),
            Spec = new EnforcementPolicySpec
            {
                Mode = "Enforce",
                Allow = new AllowedTraffic { From = [null!, new AllowedCaller { IpBlock = new() { Cidr = null!, Except = [null!] } }], IngressControllers = [null!], DnsPorts = [default] },
            },
        };
        var defaults = new EnforcementDefaults(EnforcementMode.Enforce, "");

        EnforcementPolicyParser.Validate(policy)!.Reason.ShouldBe(Reasons.InvalidSpec);
        EnforcementPolicyParser.Parse(policy, defaults)!.Settings.From.ShouldBeEmpty();
        policy.Spec.NamespaceSelector = _selectorWithNulls;
        EnforcementPolicyParser.Parse(policy, defaults).ShouldBeNull();
    }

    [Fact]
    public void A_null_expression_never_matches() => SelectorMatch.Matches(new V1LabelSelector { MatchExpressions = [null!] }, new Dictionary<string, string>() { ["app"] = "cart" }).ShouldBeFalse();

    [Fact]
    public void Decides_despite_missing_fields_in_the_policies_in_force()
    {
        V1NetworkPolicy[] existing =
        [
            new() { Metadata = new() }, new() { Metadata = new(), Spec = new() { Ingress = [new(), new() { FromProperty = [new()], Ports = [new()] }], PodSelector = new() } },
            new() { Metadata = new() { Annotations = new Dictionary<string, string>() { [WayleaveLabels.Workload] = "Pods/shop/-" } }, Spec = new() },
        ];
        var inputs = Given.Server(Given.Call(Given.Intents("checkout", Given.Target("cart")))) with { ExistingPolicies = existing, RetainedNamespaces = new HashSet<string> { "shop" }, HasRetainedProtection = true };

        IngressPlanner.Plan(inputs).Desired.ShouldHaveSingleItem();
        IngressPlanner.Plan(inputs with { Candidates = [], Network = new ClusterNetwork() }).Desired.ShouldBeEmpty();
    }

    [Fact]
    public void Builds_a_policy_despite_Services_with_missing_fields()
    {
        var incomplete = new PartialService { Metadata = new(), Spec = new() { Type = "LoadBalancer", Selector = new() { ["app"] = "cart" }, Ports = [new() { TargetPort = "" }, new()] } };
        var inputs = Given.Server() with
        {
            Protections = [Given.Protection("cart")],
            Candidates = [Given.Workload("cart") with { PodLabels = new Dictionary<string, string>() { ["app"] = "cart" } }],
            Services = [new(new PartialService(), []), new(incomplete, [new("Ingress shop/cart", null, null), new("", null, new(null, null, []))])],
        };

        IngressPlanner.Plan(inputs).Desired.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_workload_without_a_selector_gets_no_policy()
    {
        var nothing = Workload.From(new PartialDeployment { Metadata = Given.Meta("cart"), Spec = new() { Template = new() { Spec = new() { Containers = [null!] } } } });

        IngressPlanner.Plan(Given.Server(Given.Call(Given.Intents("checkout", Given.Target("cart")))) with { Candidates = [nothing] }).Desired.ShouldBeEmpty();
    }

    [Fact]
    public void Merges_650_targets_with_a_hundred_ports_each_into_one_rule()
    {
        var targets = Enumerable.Range(0, 650).Select(number => Given.Target("cart", null, [.. Enumerable.Range((number * 100) + 1, 100)])).ToArray();
        var intents = Given.Intents("checkout", targets);
        var server = new PolicyKey(SubjectType.Workload, Given.Namespace, "cart");
        var client = new WorkloadResolution.Found(Given.Workload("checkout"));
        var calls = intents.Parse().TargetsOn(server).Select(target => new IngressIntent(intents, target, client, NamespaceState.Labeled)).ToArray();

        var plan = IngressPlanner.Plan(Given.Server(calls));

        Given.RulesAfterOwnPods(plan.Desired.ShouldHaveSingleItem()).ShouldHaveSingleItem().Ports!.Count.ShouldBe(65_000);
    }
}
