using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Decisions;

public class ServiceIngressPlannerTests
{
    private static readonly Dictionary<string, string> _selector = new() { ["app"] = "redis" };

    [Fact]
    public void Allows_the_target_ports_of_a_Service()
    {
        var plan = Decide(
            Service(
                new PartialServicePort { Port = 6379, TargetPort = 16379 },
                new PartialServicePort { Port = 80, TargetPort = "http", Protocol = "TCP" },
                new PartialServicePort { Port = 53, Protocol = "UDP" }),
            Call());

        var policy = plan.Desired.ShouldHaveSingleItem();
        policy.Metadata.Name.ShouldBe("wayleave-service-redis-ingress");
        policy.Spec!.PodSelector!.MatchLabels.ShouldBe(_selector);
        Ports(plan).ShouldBe(["UDP/53", "TCP/16379", "TCP/http"]);
        plan.IntentResults[0].Result.ShouldBe(TargetResult.Enforced);
    }

    [Fact]
    public void Resolves_declared_ports_to_the_target_ports_of_the_Service()
    {
        var service = Service(
            new PartialServicePort { Port = 53, TargetPort = 1053, Protocol = "UDP" },
            new PartialServicePort { Port = 53, TargetPort = 1053, Protocol = "TCP" },
            new PartialServicePort { Port = 80, TargetPort = 8080 });

        Ports(Decide(service, Call(53))).ShouldBe(["TCP/1053", "UDP/1053"]);
    }

    [Fact]
    public void Is_pending_for_a_port_that_the_Service_lacks_and_allows_the_others()
    {
        var plan = Decide(Service(new PartialServicePort { Port = 80, TargetPort = 8080 }), Call(80, 81));

        Ports(plan).ShouldBe(["TCP/8080"]);
        plan.IntentResults[0].Result.ShouldBe(TargetResult.Pending(
            Reasons.ServicePortNotFound,
            "spec.targets[0].service.ports: Service \"redis\" in namespace \"shop\" has no port 81; correct the port, or add it to the Service"));
    }

    [Fact]
    public void A_declared_port_that_the_Service_lacks_does_not_allow_every_port() =>
        Given.RulesAfterOwnPods(Decide(Service(new PartialServicePort { Port = 80 }), Call(81)).Desired[0]).ShouldBeEmpty();

    [Fact]
    public void A_headless_Service_without_ports_allows_every_port() =>
        Given.RulesAfterOwnPods(Decide(Service(), Call()).Desired[0]).ShouldHaveSingleItem().Ports.ShouldBeNull();

    [Fact]
    public void Is_pending_while_the_Service_does_not_exist()
    {
        var plan = Decide(null, Call());

        plan.Desired.ShouldBeEmpty();
        plan.IntentResults[0].Result.ShouldBe(TargetResult.Pending(
            Reasons.ServiceNotFound,
            "spec.targets[0].service.name: there is no Service \"redis\" in namespace \"shop\"; create it, or correct the name"));
    }

    [Theory]
    [InlineData("ExternalName", Reasons.ExternalNameService)]
    [InlineData("ClusterIP", Reasons.ServiceWithoutSelector)]
    [InlineData(null, Reasons.ServiceWithoutSelector)]
    public void A_Service_that_selects_no_Pods_is_not_supported(string? type, string reason)
    {
        var plan = Decide(new PartialServiceSpec { Type = type, Selector = [] }, Call());

        plan.Desired.ShouldBeEmpty();
        plan.IntentResults[0].Result.State.ShouldBe(TargetStateNames.NotSupported);
        plan.IntentResults[0].Result.Reason.ShouldBe(reason);
    }

    [Fact]
    public void An_ExternalName_Service_with_a_selector_gets_no_policy() =>
        Decide(new PartialServiceSpec { Type = "ExternalName", Selector = _selector }, Call()).Desired.ShouldBeEmpty();

    [Fact]
    public void A_Service_whose_only_client_does_not_exist_allows_only_its_own_Pods()
    {
        var call = Given.Call(Given.Intents("checkout", Given.ServiceTarget("redis")), new WorkloadResolution.NotFound([]));

        Given.RulesAfterOwnPods(Decide(Service(new PartialServicePort { Port = 80 }), call).Desired.ShouldHaveSingleItem()).ShouldBeEmpty();
    }

    [Fact]
    public void A_Service_that_no_client_declares_gets_no_policy() =>
        Decide(Service(new PartialServicePort { Port = 80 })).Desired.ShouldBeEmpty();

    [Fact]
    public void In_Shadow_the_Service_of_a_protected_workload_is_enforced()
    {
        var inputs = Given.ServiceServer(Service(new PartialServicePort { Port = 80 }), Call()) with { Settings = new NamespaceSettings(EnforcementMode.Shadow) };

        IngressPlanner.Plan(inputs).Desired.ShouldBeEmpty();
        var plan = IngressPlanner.Plan(inputs with { Protections = [Given.Protection("redis")] });
        plan.Desired.ShouldHaveSingleItem();
        plan.ProtectionResults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(EnforcementMode.Enforce, true, 1)]
    [InlineData(EnforcementMode.Enforce, false, 0)]
    [InlineData(EnforcementMode.Shadow, true, 0)]
    public void Keeps_the_policy_of_an_unknown_Service_only_while_it_is_declared_and_enforced(EnforcementMode mode, bool isDeclared, int kept)
    {
        var inputs = Given.ServiceServer(null, isDeclared ? [Call()] : []) with
        {
            ExistingPolicies = Decide(Service(new PartialServicePort { Port = 80 }), Call()).Desired,
            Settings = new NamespaceSettings(mode),
        };

        IngressPlanner.Plan(inputs).Retained.Count.ShouldBe(kept);
        IngressPlanner.Plan(inputs).Desired.ShouldBeEmpty();
    }

    [Fact]
    public void Removes_the_policy_of_a_Service_that_became_an_ExternalName_without_reporting_it_as_kept()
    {
        var inputs = Given.ServiceServer(new PartialServiceSpec { Type = "ExternalName" }, Call()) with { ExistingPolicies = Decide(Service(new PartialServicePort { Port = 80 }), Call()).Desired };

        var plan = IngressPlanner.Plan(inputs);

        plan.Retained.ShouldBeEmpty();
        plan.IntentResults[0].Result.Message!.ShouldNotContain("stays");
    }

    [Fact]
    public void A_Service_gets_no_policy_only_when_all_of_its_Pods_use_the_host_network()
    {
        var onHost = Given.Workload("redis") with { AllPodsUseHostNetwork = true };
        var inputs = Given.ServiceServer(Service(new PartialServicePort { Port = 80 }), Call()) with { Backends = [onHost] };

        IngressPlanner.Plan(inputs).Desired.ShouldBeEmpty();
        var mixed = IngressPlanner.Plan(inputs with { Backends = [onHost, Given.Workload("redis2")] });

        mixed.Desired.ShouldHaveSingleItem();
        mixed.IntentResults[0].Result.Reason.ShouldBe(Reasons.HostNetwork);
    }

    private static PartialServiceSpec Service(params PartialServicePort[] ports) => new() { Type = "ClusterIP", Selector = _selector, Ports = [.. ports] };

    private static IngressIntent Call(params int[] ports) => Given.Call(Given.Intents("checkout", Given.ServiceTarget("redis", ports)));

    private static PolicyPlan Decide(PartialServiceSpec? spec, params IngressIntent[] calls) => IngressPlanner.Plan(Given.ServiceServer(spec, calls));

    private static IEnumerable<string> Ports(PolicyPlan plan) =>
        Given.RulesAfterOwnPods(plan.Desired[0]).ShouldHaveSingleItem().Ports!.Select(port => $"{port.Protocol}/{port.Port}");
}
