using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;

namespace Wayleave.Enforcement.Tests.Governance;

public class EnforcementPolicyParserTests
{
    private static readonly EnforcementDefaults _defaults = new(EnforcementMode.Enforce, "wayleave-system");

    [Fact]
    public void Uses_the_default_of_each_omitted_field()
    {
        var policy = Read(Policy(new EnforcementPolicySpec { Mode = "Enforce" }))!;

        policy.Priority.ShouldBe(0);
        policy.Selector.ShouldNotBeNull();
        (policy.Settings.Mode, policy.Settings.RestrictsEgress, policy.Settings.AllowsDns).ShouldBe((EnforcementMode.Enforce, false, true));
        policy.Settings.From.ShouldBeEmpty();
    }

    [Fact]
    public void Reads_all_declared_fields()
    {
        var spec = new EnforcementPolicySpec
        {
            Mode = "Shadow",
            Priority = 7,
            Egress = true,
            Allow = new AllowedTraffic { Dns = false, From = [new AllowedCaller { PodSelector = Given.Selector(("app", "prometheus")), Ports = [9090, 80, 80] }] },
        };

        var policy = Read(Policy(spec))!;

        (policy.Priority, policy.Settings.Mode, policy.Settings.RestrictsEgress, policy.Settings.AllowsDns).ShouldBe((7, EnforcementMode.Shadow, true, false));
        var from = policy.Settings.From.ShouldHaveSingleItem();
        from.Peer!.NamespaceSelector.ShouldBeNull();
        from.Ports.ShouldBe([DeclaredPort.Single(9090), DeclaredPort.Single(80), DeclaredPort.Single(80)]);
    }

    [Fact]
    public void A_policy_that_is_being_deleted_governs_nothing()
    {
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce" });
        policy.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        Read(policy).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("off")]
    [InlineData("false")]
    public void Rejects_a_policy_with_an_unknown_mode(string mode)
    {
        var policy = Policy(new EnforcementPolicySpec { Mode = mode });

        Read(policy).ShouldBeNull();
        EnforcementPolicyParser.Validate(policy)!.Message.ShouldBe($"spec.mode: \"{mode}\" is not a mode; use Enforce, Shadow or Disabled");
    }

    [Theory]
    [InlineData("Like", "x", "spec.namespaceSelector.matchExpressions[0]: \"Like\" is not an operator; use In, NotIn, Exists or DoesNotExist")]
    [InlineData("In", null, "spec.namespaceSelector.matchExpressions[0]: In needs values; add at least one")]
    [InlineData("Exists", "x", "spec.namespaceSelector.matchExpressions[0]: Exists takes no values; remove them")]
    [InlineData("NotIn", "x y", "spec.namespaceSelector.matchExpressions[0]: \"x y\" cannot be the value of a label; use at most 63 letters, digits, \"-\", \"_\" and \".\"")]
    public void Rejects_a_selector_that_the_API_server_would_reject(string @operator, string? value, string message)
    {
        var requirement = new V1LabelSelectorRequirement { Key = "env", OperatorProperty = @operator, Values = value is null ? null : [value] };
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", NamespaceSelector = new V1LabelSelector { MatchExpressions = [requirement] } });

        Read(policy).ShouldBeNull();
        EnforcementPolicyParser.Validate(policy).ShouldBe(TargetResult.Failed(Reasons.InvalidSpec, message));
    }

    [Theory]
    [InlineData("en v", "prod")]
    [InlineData("-env", "prod")]
    [InlineData("UPPER.example.com/env", "prod")]
    [InlineData("/env", "prod")]
    [InlineData("env", "prod!")]
    public void Rejects_a_label_that_no_object_can_have(string key, string value)
    {
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", NamespaceSelector = Given.Selector((key, value)) });

        EnforcementPolicyParser.Validate(policy)!.Message!.ShouldStartWith("spec.namespaceSelector.matchLabels: ");
    }

    [Fact]
    public void Skips_and_reports_an_invalid_client_and_keeps_the_others()
    {
        AllowedCaller good = new() { NamespaceSelector = Given.Selector(("env", "prod")) };
        AllowedCaller nothing = new();
        AllowedCaller port = new() { PodSelector = new V1LabelSelector(), Ports = [80, 0] };
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", Allow = new AllowedTraffic { From = [good, nothing, port] } });

        Read(policy)!.Settings.From.ShouldHaveSingleItem().Peer!.NamespaceSelector.ShouldBe(good.NamespaceSelector);
        EnforcementPolicyParser.Validate(policy)!.Message.ShouldBe("spec.allow.from[1]: no client is named; set namespaceSelector, podSelector, ipBlock or ports");
    }

    [Fact]
    public void Allows_addresses_and_anyone_on_a_port()
    {
        AllowedCaller addresses = new() { IpBlock = new AllowedAddresses { Cidr = "10.0.0.0/8", Except = ["10.1.0.0/16", "10.2.3.4"] }, Ports = ["9443"] };
        AllowedCaller anyone = new() { Ports = ["53/UDP"] };
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", Allow = new AllowedTraffic { From = [addresses, anyone] } });

        EnforcementPolicyParser.Validate(policy).ShouldBeNull();
        var from = Read(policy)!.Settings.From;
        from[0].Peer!.IpBlock!.Cidr.ShouldBe("10.0.0.0/8");
        from[0].Peer!.IpBlock!.Except.ShouldBe(["10.1.0.0/16", "10.2.3.4/32"]);
        from[1].Peer.ShouldBeNull();
        from[1].Ports.ShouldBe([new DeclaredPort(53, 53, "UDP", null)]);
    }

    [Theory]
    [InlineData("10.0.0.1/8", null, "spec.allow.from[0].ipBlock.cidr: \"10.0.0.1/8\"")]
    [InlineData("ten", null, "spec.allow.from[0].ipBlock.cidr: \"ten\"")]
    [InlineData("10.0.0.0/8", "192.168.0.0/16", "spec.allow.from[0].ipBlock.except[0]: \"192.168.0.0/16\" is not inside cidr 10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", "spec.allow.from[0].ipBlock.except[0]: \"10.0.0.0/8\" is the whole of cidr, so that no address is left")]
    [InlineData("10.0.0.1", "10.0.0.1", "spec.allow.from[0].ipBlock.except[0]: \"10.0.0.1\" is the whole of cidr")]
    [InlineData("10.0.0.0/8", "0.0.0.0/0", "spec.allow.from[0].ipBlock.except[0]: \"0.0.0.0/0\" is the whole of cidr")]
    [InlineData("::/0", "10.0.0.0/8", "spec.allow.from[0].ipBlock.except[0]: \"10.0.0.0/8\" is not inside cidr ::/0")]
    [InlineData("10.0.0.0/8", "x", "spec.allow.from[0].ipBlock.except[0]: \"x\"")]
    public void Rejects_an_invalid_ipBlock(string cidr, string? except, string message)
    {
        AllowedCaller addresses = new() { IpBlock = new AllowedAddresses { Cidr = cidr, Except = except is null ? null : [except] } };
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", Allow = new AllowedTraffic { From = [addresses] } });

        EnforcementPolicyParser.Validate(policy)!.Message!.ShouldStartWith(message);
        Read(policy)!.Settings.From.ShouldBeEmpty();
    }

    [Fact]
    public void Rejects_an_ipBlock_beside_selectors()
    {
        AllowedCaller both = new() { IpBlock = new AllowedAddresses { Cidr = "10.0.0.0/8" }, PodSelector = new V1LabelSelector() };
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", Allow = new AllowedTraffic { From = [both] } });

        EnforcementPolicyParser.Validate(policy)!.Message.ShouldBe("spec.allow.from[0].ipBlock: addresses and selectors exclude each other; use an entry for each");
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData("Auto", false, true)]
    [InlineData("Never", true, false)]
    public void The_policy_overrides_the_default_of_the_operator_for_external_traffic(string? declared, bool byDefault, bool expected)
    {
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", Allow = new AllowedTraffic { External = declared } });

        EnforcementPolicyParser.Parse(policy, _defaults with { AllowsExternal = byDefault })!.Settings.AllowsExternal.ShouldBe(expected);
    }

    [Fact]
    public void Adds_a_DNS_port_for_TCP_and_UDP_unless_it_names_a_protocol()
    {
        var policy = Policy(new EnforcementPolicySpec { Mode = "Enforce", Allow = new AllowedTraffic { DnsPorts = [5353, "8853/TCP"] } });

        Read(policy)!.Settings.DnsPorts.ShouldBe([new PolicyPort("TCP", 5353), new PolicyPort("UDP", 5353), new PolicyPort("TCP", 8853)]);
    }

    private static ParsedEnforcementPolicy? Read(EnforcementPolicy policy) => EnforcementPolicyParser.Parse(policy, _defaults);

    private static EnforcementPolicy Policy(EnforcementPolicySpec spec) => new() { Metadata = Given.Meta("prod", ""), Spec = spec };
}
