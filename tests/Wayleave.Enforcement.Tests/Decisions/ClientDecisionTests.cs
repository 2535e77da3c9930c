using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Decisions;

public class ClientDecisionTests
{
    private static readonly NamespaceRule _restricted = new(NamespaceMode.Of(EnforcementMode.Enforce)) { Egress = true };

    [Fact]
    public void Of_a_domain_with_too_many_addresses_the_first_are_opened_and_it_says_so()
    {
        var addresses = Enumerable.Range(0, 5000).Select(number => new IPAddress([203, 0, (byte)(number / 256), (byte)(number % 256)]));
        var answer = new DomainMemory("many.example.com").Answered([.. addresses], DateTimeOffset.UnixEpoch).Answer;

        var plan = Decide(_restricted, Target(["many.example.com"], answer));

        var verdict = plan.Verdicts.ShouldHaveSingleItem().Verdict;
        (verdict.State, verdict.Reason).ShouldBe((TargetStates.Failed, Reasons.TooManyAddresses));
        verdict.Message!.ShouldStartWith("spec.targets[0].internet.domains[0]: \"many.example.com\" has more than 100 addresses");
        verdict.Addresses.Count.ShouldBe(20);
        plan.Desired.ShouldHaveSingleItem().Spec!.Egress![^1].To!.Count.ShouldBe(100);
    }

    [Fact]
    public void A_client_with_too_many_ranges_keeps_those_that_came_first()
    {
        var targets = Enumerable.Range(0, 51).Select(number => Ranges(number)).ToArray();

        var plan = Decide(_restricted, targets);

        plan.Verdicts.Count(verdict => verdict.Verdict == Verdict.Enforced).ShouldBe(50);
        plan.Verdicts[^1].Verdict.Reason.ShouldBe(Reasons.TooManyAddresses);
        plan.Desired.ShouldHaveSingleItem().Spec!.Egress![^1].To!.Count.ShouldBe(5000);
    }

    [Fact]
    public void The_last_good_answer_holds_while_looking_it_up_fails()
    {
        var answer = new DomainMemory("api.example.com").Answered([IPAddress.Parse("203.0.113.7")], DateTimeOffset.UnixEpoch)
            .Failed(DomainFailures.ResolverFailed).Answer;

        Decide(_restricted, Target(["api.example.com"], answer)).Verdicts[0].Verdict
            .ShouldBe(Verdict.Enforced with { Addresses = ["203.0.113.7"] });
    }

    [Fact]
    public void A_name_that_was_never_found_says_why()
    {
        var answer = new DomainMemory("api.example.com").Failed(DomainFailures.ResolverFailed).Answer;

        Decide(_restricted, Target(["api.example.com"], answer)).Verdicts[0].Verdict.ShouldBe(Verdict.Pending(
            Reasons.DomainNotResolved, "spec.targets[0].internet.domains[0]: \"api.example.com\": the resolver does not answer"));
    }

    [Fact]
    public void Where_egress_is_not_restricted_nothing_is_written_and_outside_targets_say_so()
    {
        var plan = Decide(new NamespaceRule(NamespaceMode.Of(EnforcementMode.Enforce)), Target([]));

        plan.Desired.ShouldBeEmpty();
        plan.Verdicts.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Disabled(Reasons.EgressNotRestricted));
    }

    [Fact]
    public void A_client_whose_only_object_is_being_deleted_is_restricted_no_more()
    {
        var target = Target([]);
        target.Intents.Metadata.DeletionTimestamp = DateTimeOffset.UnixEpoch;

        var plan = Decide(_restricted, target);

        plan.Desired.ShouldBeEmpty();
        plan.Verdicts.ShouldBeEmpty();
    }

    [Fact]
    public void The_order_of_declarations_does_not_matter_where_there_are_too_many_ranges()
    {
        var targets = Enumerable.Range(0, 51).Select(number => Ranges(number) with { Intents = Named($"checkout-{number}") }).ToArray();

        var plan = Decide(_restricted, targets);
        var reversed = Decide(_restricted, [.. targets.Reverse()]);

        PolicyEquality.Matches(plan.Desired[0], reversed.Desired[0]).ShouldBeTrue();
        plan.Verdicts.ShouldBe(reversed.Verdicts);
    }

    [Fact]
    public void A_client_that_is_the_clusters_DNS_is_never_restricted()
    {
        var dns = Given.Workload("checkout") with { PodLabels = new() { ["k8s-app"] = "kube-dns" }, PodSelector = Given.Selector(("k8s-app", "kube-dns")) };
        var service = new V1Service { Metadata = Given.Meta("kube-dns"), Spec = new V1ServiceSpec { Selector = dns.PodLabels } };
        var inputs = Inputs(_restricted, Target([])) with { Candidates = [dns], Network = new ClusterNetwork { Dns = [DnsServer.Read(service, [dns])!] } };

        var plan = ClientDecision.Decide(inputs);

        plan.Desired.ShouldBeEmpty();
        plan.Shadowed.ShouldBeEmpty();
        plan.Verdicts.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Disabled(Reasons.ClusterDns));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_invalid_protection_keeps_a_client_closed_to_its_own_Pods(bool wasAllowed, bool isClosed)
    {
        var before = ClientDecision.Decide(Inputs(_restricted, Target([])) with { OwnPods = wasAllowed });
        var inputs = Inputs(_restricted, Target([])) with { Existing = before.Desired, HasRetainedProtection = true };

        RetainedRules.AllowsOwnPods(ClientDecision.Decide(inputs).Desired[0]).ShouldBe(!isClosed);
    }

    private static ClientIntents Named(string name)
    {
        var intents = Given.Intents("checkout", Given.Target("cart"));
        intents.Metadata.Name = name;
        return intents;
    }

    private static PolicyPlan Decide(NamespaceRule rule, params DeclaredEgress[] targets) => ClientDecision.Decide(Inputs(rule, targets));

    private static ClientInputs Inputs(NamespaceRule rule, params DeclaredEgress[] targets) => new()
    {
        Key = new SubjectKey(SubjectType.Client, Given.Namespace, "checkout"),
        Targets = targets,
        Candidates = [Given.Workload("checkout")],
        NamespaceExists = true,
        Rule = rule,
    };

    private static DeclaredEgress Target(string[] domains, params DomainAnswer[] answers)
    {
        var target = new InternetTarget { Domains = domains.Length == 0 ? null : [.. domains], Ips = domains.Length == 0 ? ["203.0.113.7"] : null };
        return Of(target, answers);
    }

    private static DeclaredEgress Ranges(int number) =>
        Of(new InternetTarget { Ips = Enumerable.Range(0, 100).Select(last => $"10.0.{number}.{last}").ToList() });

    private static DeclaredEgress Of(InternetTarget target, params DomainAnswer[] answers)
    {
        var intents = Given.Intents("checkout", new IntentTarget { Internet = target });
        return new DeclaredEgress(intents, 0, new WorkloadReference(Given.Namespace, "checkout", null), new Destination.ToInternet(DeclaredTargets.Read(intents)[0].Internet!, answers));
    }
}
