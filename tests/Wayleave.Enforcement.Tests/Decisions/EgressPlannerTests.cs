using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Tests.Decisions;

public class EgressPlannerTests
{
    private static readonly NamespaceSettings _restricted = new(EnforcementMode.Enforce) { RestrictsEgress = true };

    [Fact]
    public void Allows_the_first_100_addresses_of_a_domain_and_reports_that_it_has_more()
    {
        var addresses = Enumerable.Range(0, 5000).Select(number => new IPAddress([203, 0, (byte)(number / 256), (byte)(number % 256)]));
        var answer = new DomainHistory("many.example.com").WithAnswer([.. addresses], DateTimeOffset.UnixEpoch).Answer;

        var plan = Decide(_restricted, Target(["many.example.com"], answer));

        var result = plan.IntentResults.ShouldHaveSingleItem().Result;
        (result.State, result.Reason).ShouldBe((TargetStateNames.Failed, Reasons.TooManyAddresses));
        result.Message!.ShouldStartWith("spec.targets[0].internet.domains[0]: \"many.example.com\" has more than 100 addresses");
        result.Addresses.Count.ShouldBe(20);
        plan.Desired.ShouldHaveSingleItem().Spec!.Egress![^1].To!.Count.ShouldBe(100);
    }

    [Fact]
    public void Allows_the_first_5000_ranges_of_a_client_and_reports_the_target_that_exceeds_them()
    {
        var targets = Enumerable.Range(0, 51).Select(number => Ranges(number)).ToArray();

        var plan = Decide(_restricted, targets);

        plan.IntentResults.Count(result => result.Result == TargetResult.Enforced).ShouldBe(50);
        plan.IntentResults[^1].Result.Reason.ShouldBe(Reasons.TooManyAddresses);
        plan.Desired.ShouldHaveSingleItem().Spec!.Egress![^1].To!.Count.ShouldBe(5000);
    }

    [Fact]
    public void Keeps_the_last_good_answer_while_lookups_fail()
    {
        var answer = new DomainHistory("api.example.com").WithAnswer([IPAddress.Parse("203.0.113.7")], DateTimeOffset.UnixEpoch)
            .WithFailure(DomainFailures.ResolverFailed).Answer;

        Decide(_restricted, Target(["api.example.com"], answer)).IntentResults[0].Result
            .ShouldBe(TargetResult.Enforced with { Addresses = ["203.0.113.7"] });
    }

    [Fact]
    public void Reports_why_a_domain_was_never_resolved()
    {
        var answer = new DomainHistory("api.example.com").WithFailure(DomainFailures.ResolverFailed).Answer;

        Decide(_restricted, Target(["api.example.com"], answer)).IntentResults[0].Result.ShouldBe(TargetResult.Pending(
            Reasons.DomainNotResolved, "spec.targets[0].internet.domains[0]: \"api.example.com\": the nameserver does not respond"));
    }

    [Fact]
    public void Writes_no_policy_and_reports_internet_targets_when_egress_is_not_restricted()
    {
        var plan = Decide(new NamespaceSettings(EnforcementMode.Enforce), Target([]));

        plan.Desired.ShouldBeEmpty();
        plan.IntentResults.ShouldHaveSingleItem().Result.ShouldBe(TargetResult.Disabled(Reasons.EgressNotRestricted));
    }

    [Fact]
    public void Stops_restricting_a_client_whose_only_ClientIntents_is_being_deleted()
    {
        var target = Target([]);
        target.Intents.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        var plan = Decide(_restricted, target);

        plan.Desired.ShouldBeEmpty();
        plan.IntentResults.ShouldBeEmpty();
    }

    [Fact]
    public void A_domain_without_an_answer_is_pending_and_keeps_its_last_known_addresses()
    {
        var answer = DomainHistory.Restored("api.example.com", [IPAddress.Parse("203.0.113.7")], DateTimeOffset.UnixEpoch).Answer;

        var plan = Decide(_restricted, Target(["api.example.com"], answer));

        var expected = TargetResult.Pending(
            Reasons.DomainNotResolved,
            "spec.targets[0].internet.domains[0]: \"api.example.com\": the resolver has not answered yet; "
                + "the last known addresses stay allowed");
        plan.IntentResults[0].Result.ShouldBe(expected with { Addresses = ["203.0.113.7"] });
        Cidrs(plan).ShouldBe(["203.0.113.7/32"]);
    }

    [Fact]
    public void A_domain_without_an_answer_keeps_the_addresses_in_force_on_its_ports()
    {
        var known = new DomainHistory("api.example.com").WithAnswer(
            [IPAddress.Parse("203.0.113.1"), IPAddress.Parse("169.254.0.1"), IPAddress.Parse("203.0.113.2")], DateTimeOffset.UnixEpoch);
        var inForce =
            Decide(_restricted, Of(new InternetTarget { Domains = ["api.example.com"], Ports = [443] }, known.Answer), Ranges(0)).Desired;
        var unanswered = new DomainHistory("api.example.com");

        PolicyPlan Now(DomainAnswer answer, int port)
        {
            var target = Of(new InternetTarget { Domains = ["api.example.com"], Ports = [port] }, answer);
            return EgressPlanner.Plan(Inputs(_restricted, target) with { PoliciesBeforeLookup = inForce });
        }

        Cidrs(Now(unanswered.Answer, 443)).ShouldBe(["203.0.113.1/32", "203.0.113.2/32"]);
        Cidrs(Now(unanswered.WithFailure(DomainFailures.ResolverFailed).Answer, 443)).ShouldBe(["203.0.113.1/32", "203.0.113.2/32"]);
        Cidrs(Now(unanswered.Answer, 80)).ShouldBeEmpty();
        Cidrs(Now(unanswered.WithAnswer([IPAddress.Parse("203.0.113.9")], DateTimeOffset.UnixEpoch).Answer, 443))
            .ShouldBe(["203.0.113.9/32"]);
    }

    [Fact]
    public void Denies_an_answer_in_the_ranges_of_the_cluster_and_says_how_to_allow_it()
    {
        var plan = DecideInCluster(new InternetTarget { Domains = ["api.example.com"] }, "203.0.113.7", "10.244.1.7");

        var result = plan.IntentResults[0].Result;
        (result.State, result.Reason).ShouldBe((TargetStateNames.Failed, Reasons.UnsafeAddress));
        result.Message.ShouldBe(
            "spec.targets[0].internet.domains[0]: \"api.example.com\" resolves to 10.244.1.7, in the cluster's own range 10.244.0.0/16, "
            + "which is not allowed; declare its workload or Service, or add it to ips to allow it");
        Cidrs(plan).ShouldBe(["203.0.113.7/32"]);
    }

    [Theory]
    [InlineData("10.244.1.7", "10.244.1.7")]
    [InlineData("10.244.1.7", "10.244.1.0/24")]
    [InlineData("169.254.169.254", "169.254.169.254")]
    public void Allows_an_unsafe_answer_that_the_ips_of_the_target_include(string address, string ip)
    {
        var plan = DecideInCluster(new InternetTarget { Domains = ["api.example.com"], Ips = [ip] }, address);

        plan.IntentResults[0].Result.ShouldBe(TargetResult.Enforced with { Addresses = [address] });
    }

    [Fact]
    public void Denies_an_unsafe_answer_that_only_the_ips_of_another_target_include()
    {
        var answer = new DomainHistory("api.example.com").WithAnswer([IPAddress.Parse("10.244.1.7")], DateTimeOffset.UnixEpoch).Answer;

        var inputs = Inputs(
            _restricted,
            Of(new InternetTarget { Ips = ["10.244.1.0/24"] }),
            Of(new InternetTarget { Domains = ["api.example.com"] }, answer));
        var plan = EgressPlanner.Plan(inputs with { ClusterRanges = [IPNetwork.Parse("10.244.0.0/16")] });

        plan.IntentResults.Select(result => result.Result.Reason).ShouldBe([Reasons.Enforced, Reasons.UnsafeAddress]);
    }

    [Fact]
    public void Denies_an_answer_that_except_leaves_out()
    {
        var plan = DecideInCluster(
            new InternetTarget { Domains = ["api.example.com"], Ips = ["0.0.0.0/0"], Except = ["10.0.0.0/8"] }, "10.1.2.3", "203.0.113.7");

        plan.IntentResults[0].Result.Message.ShouldBe(
            "spec.targets[0].internet.domains[0]: \"api.example.com\" resolves to 10.1.2.3, excluded by except 10.0.0.0/8, "
            + "which is not allowed; change except to allow it");
        Blocks(plan).Select(block => (block.Cidr, string.Join(' ', block.Except ?? [])))
            .ShouldBe([("0.0.0.0/0", "10.0.0.0/8"), ("203.0.113.7/32", "")]);
    }

    [Fact]
    public void Reports_targets_that_together_include_every_address()
    {
        var plan = Decide(
            _restricted,
            Of(new InternetTarget { Ips = ["0.0.0.0/1"] }),
            Of(new InternetTarget { Ips = ["128.0.0.0/1"] }),
            Of(new InternetTarget { Ips = ["203.0.113.7"], Ports = [443] }));

        plan.IntentResults.Select(result => result.Result.Reason)
            .ShouldBe([Reasons.AllAddressesAllowed, Reasons.AllAddressesAllowed, Reasons.Enforced]);
        plan.IntentResults[1].Result.Message!
            .ShouldStartWith("spec.targets[0].internet.ips: together with the client's other targets, this allows every address");
    }

    [Fact]
    public void A_target_with_an_exception_includes_every_address_only_when_another_allows_the_exception()
    {
        var most = new InternetTarget { Ips = ["0.0.0.0/0"], Except = ["10.0.0.0/8"] };

        Decide(_restricted, Of(most), Of(new InternetTarget { Ips = ["10.0.0.0/9"] })).IntentResults
            .ShouldAllBe(result => result.Result == TargetResult.Enforced);
        Decide(_restricted, Of(most), Of(new InternetTarget { Ips = ["10.0.0.0/8"] })).IntentResults
            .ShouldAllBe(result => result.Result.Reason == Reasons.AllAddressesAllowed);
    }

    [Fact]
    public void Counts_the_ranges_that_two_targets_share_once()
    {
        var targets = Enumerable.Range(0, 50).Select(number => Ranges(number)).Append(Ranges(7)).ToArray();

        Decide(_restricted, targets).IntentResults.ShouldAllBe(result => result.Result == TargetResult.Enforced);
    }

    [Fact]
    public void Does_not_move_the_policy_of_a_deleted_client_to_the_Pods_of_the_cluster_DNS()
    {
        var inputs = Inputs(_restricted, Of(new InternetTarget { Ips = ["203.0.113.7"] }));
        var existing = EgressPlanner.Plan(inputs).Desired;
        var dns = Given.Selector(("k8s-app", "kube-dns"));

        var plan = EgressPlanner.Plan(inputs with
        {
            Candidates = [],
            ExistingPolicies = existing,
            LastKnown = [Given.Workload("checkout") with { PodSelector = dns }],
            Network = new ClusterNetwork { Dns = [new DnsServer(new NamespacedName(Given.Namespace, "kube-dns"), dns, [])] },
        });

        plan.Desired.Concat(plan.Retained).ShouldHaveSingleItem().Spec!.PodSelector.MatchLabels.ShouldBe(existing[0].Spec!.PodSelector.MatchLabels);
    }

    private static List<V1IPBlock> Blocks(PolicyPlan plan) =>
        plan.Desired.ShouldHaveSingleItem().Spec!.Egress!.SelectMany(rule => rule.To ?? []).Select(peer => peer.IpBlock).OfType<V1IPBlock>().ToList();

    private static IEnumerable<string?> Cidrs(PolicyPlan plan) => Blocks(plan).Select(block => block.Cidr);

    private static PolicyPlan DecideInCluster(InternetTarget target, params string[] addresses)
    {
        var answer =
            new DomainHistory("api.example.com").WithAnswer([.. addresses.Select(IPAddress.Parse)], DateTimeOffset.UnixEpoch).Answer;
        IPNetwork[] cluster = [IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("10.96.0.0/12")];
        return EgressPlanner.Plan(Inputs(_restricted, Of(target, answer)) with { ClusterRanges = cluster });
    }

    private static PolicyPlan Decide(NamespaceSettings rule, params EgressIntent[] targets) => EgressPlanner.Plan(Inputs(rule, targets));

    private static ClientInputs Inputs(NamespaceSettings rule, params EgressIntent[] targets) => new()
    {
        Key = new PolicyKey(SubjectType.Client, Given.Namespace, "checkout"),
        Targets = targets,
        Candidates = [Given.Workload("checkout")],
        NamespaceExists = true,
        Settings = rule,
    };

    private static EgressIntent Target(string[] domains, params DomainAnswer[] answers)
    {
        var target = new InternetTarget { Domains = domains.Length == 0 ? null : [.. domains], Ips = domains.Length == 0 ? ["203.0.113.7"] : null };
        return Of(target, answers);
    }

    private static EgressIntent Ranges(int number) =>
        Of(new InternetTarget { Ips = Enumerable.Range(0, 100).Select(last => $"10.0.{number}.{last}").ToList() });

    private static EgressIntent Of(InternetTarget target, params DomainAnswer[] answers)
    {
        var intents = Given.Intents("checkout", new IntentTarget { Internet = target });
        var parsed = intents.Parse().Targets[0];
        return new EgressIntent(
            intents, parsed, new ParsedWorkloadRef(Given.Namespace, "checkout", null), new Destination.ToInternet(parsed.Internet!, answers));
    }
}
