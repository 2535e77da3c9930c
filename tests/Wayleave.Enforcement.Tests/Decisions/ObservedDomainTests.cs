using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Decisions;

/// <summary>Egress of clients whose Pods were seen asking DNS.</summary>
public sealed class ObservedDomainTests
{
    private const string Wildcard = "*.example.com";
    private const string Field = "spec.targets[0].internet.domains[0]: \"*.example.com\"";
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly NamespaceSettings _restricted = new(EnforcementMode.Enforce) { RestrictsEgress = true };

    [Fact]
    public void A_wildcard_opens_the_addresses_that_the_Pods_got()
    {
        var plan = Plan(Answer("203.0.113.7", "2001:db8::1"));

        Cidrs(plan).ShouldBe(["2001:db8::1/128", "203.0.113.7/32"]);
        Result(plan).ShouldBe(TargetResult.Enforced with
        {
            Addresses = ["2001:db8::1", "203.0.113.7"],
            ObservedAddresses = ["2001:db8::1", "203.0.113.7"],
        });
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("100.100.100.200")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("10.244.1.7")]
    [InlineData("10.96.0.1")]
    public void A_forged_answer_opens_no_internal_address(string address)
    {
        var plan = Plan(Answer("203.0.113.7", address));

        Cidrs(plan).ShouldBe(["203.0.113.7/32"]);
        (Result(plan).State, Result(plan).Reason).ShouldBe((TargetStateNames.Failed, Reasons.UnsafeAddress));
        Result(plan).ObservedAddresses.ShouldBe(["203.0.113.7"]);
    }

    [Fact]
    public void A_wildcard_without_an_answer_opens_nothing_and_says_so()
    {
        var plan = Plan(Seen(SeenAnswers.Missing));

        Cidrs(plan).ShouldBeEmpty();
        Result(plan).ShouldBe(TargetResult.Pending(
            Reasons.NoAnswerSeen,
            $"{Field}: the network mapper has not seen DNS answer a matching name to a Pod of the client; nothing is allowed yet"));
    }

    [Fact]
    public void Without_the_map_a_wildcard_is_not_supported()
    {
        var result = Result(Plan(DomainAnswer.Unresolvable(Wildcard)));

        result.ShouldBe(TargetResult.NotSupported(Reasons.WildcardDomain, $"{Field} cannot be looked up; name each domain, or give ips"));
    }

    [Fact]
    public void A_wildcard_is_pending_and_keeps_what_is_in_force_until_the_map_is_read()
    {
        var inForce = Plan(Answer("203.0.113.7", "203.0.113.8")).Desired;
        var answer = SeenDomain.Restore(Wildcard, [IPAddress.Parse("203.0.113.7")]).Update(SeenAnswers.Unread, _now)
            .Complete(DomainAnswer.Unresolvable(Wildcard));

        var inputs = Inputs([Wildcard], answer) with { PoliciesBeforeLookup = inForce };
        (inputs.HasPendingLookups, inputs.HasUnansweredDomains).ShouldBe((true, true));
        var plan = EgressPlanner.Plan(inputs);

        Cidrs(plan).ShouldBe(["203.0.113.7/32", "203.0.113.8/32"]);
        (Result(plan).Reason, Result(plan).Message).ShouldBe((
            Reasons.DomainNotResolved,
            $"{Field}: the map of the network mapper has not been read yet; the last known addresses stay allowed"));
    }

    [Fact]
    public void Says_that_addresses_stay_although_the_map_lost_them()
    {
        var answer = SeenDomain.Restore(Wildcard, [IPAddress.Parse("203.0.113.7")]).Update(SeenAnswers.Missing, _now)
            .Complete(DomainAnswer.Unresolvable(Wildcard));

        var plan = Plan(answer);

        Cidrs(plan).ShouldBe(["203.0.113.7/32"]);
        (Result(plan).State, Result(plan).Reason).ShouldBe((TargetStateNames.Enforced, Reasons.LastKnownAddresses));
        Result(plan).ObservedAddresses.ShouldBe(["203.0.113.7"]);
    }

    [Fact]
    public void A_name_that_only_the_Pods_can_resolve_is_enforced()
    {
        var own = new DomainHistory("api.internal").WithAnswer([], _now).Answer;
        var seen = SeenDomain.Restore("api.internal", []).Update(Read(("api.internal", ["192.168.7.7"])), _now);

        var plan = EgressPlanner.Plan(Inputs(["api.internal"], seen.Complete(own)));

        Cidrs(plan).ShouldBe(["192.168.7.7/32"]);
        (Result(plan).State, Result(plan).Reason).ShouldBe((TargetStateNames.Enforced, Reasons.Enforced));
    }

    [Fact]
    public void Opens_the_first_1000_addresses_of_a_wildcard_and_reports_that_there_are_more()
    {
        (string, string[])[] names = [.. Enumerable.Range(0, 60).Select(number => (
            $"n{number}.example.com", Enumerable.Range(0, 17).Select(last => $"203.0.{number}.{last}").ToArray()))];

        var plan = Plan(Seen(Read(names)));

        Cidrs(plan).Count().ShouldBe(1000);
        Result(plan).Reason.ShouldBe(Reasons.TooManyAddresses);
    }

    [Fact]
    public void A_wildcard_without_an_answer_does_not_keep_the_object_from_being_ready()
    {
        var target = new IntentTarget { Internet = new InternetTarget { Domains = [Wildcard] } };
        var intents = Given.Intents("checkout", target, new IntentTarget { Internet = new InternetTarget { Ips = ["203.0.113.7"] } });
        var plan = EgressPlanner.Plan(Inputs(intents, [Seen(SeenAnswers.Missing)], []));

        var status = ClientIntentsStatusBuilder.Build(intents, plan.IntentResults, _now);

        status.Enforced.ShouldBe("1/2");
        var ready = status.Conditions.ShouldHaveSingleItem();
        (ready.Status, ready.Reason).ShouldBe(("True", Reasons.PartiallyEnforced));
        ready.Message.ShouldStartWith(
            $"1 of 2 targets enforced, 1 pending; {Field}: the network mapper has not seen DNS answer a matching name");
        Cidrs(plan).ShouldBe(["203.0.113.7/32"]);
    }

    [Fact]
    public void The_reason_of_an_object_with_a_wildcard_alone_is_its_own()
    {
        var intents = Given.Intents("checkout", new IntentTarget { Internet = new InternetTarget { Domains = [Wildcard] } });
        var plan = EgressPlanner.Plan(Inputs(intents, [Seen(SeenAnswers.Missing)]));

        var ready = ClientIntentsStatusBuilder.Build(intents, plan.IntentResults, _now).Conditions.ShouldHaveSingleItem();
        (ready.Status, ready.Reason).ShouldBe(("True", Reasons.NoAnswerSeen));
    }

    private static DomainAnswer Answer(params string[] addresses) => Seen(Read(("a.example.com", addresses)));

    private static DomainAnswer Seen(SeenAnswers seen) =>
        SeenDomain.Restore(Wildcard, []).Update(seen, _now).Complete(DomainAnswer.Unresolvable(Wildcard));

    private static SeenAnswers Read(params (string Name, string[] Addresses)[] names) => SeenAnswers.Read(
        [
            new ObservedIntents
            {
                Metadata = new V1ObjectMeta { Uid = "uid", CreationTimestamp = _now.AddDays(-30).UtcDateTime },
                Calls =
                [
                    .. names.Select(name => new ObservedCall
                    {
                        Target = new IntentTarget { Internet = new InternetTarget { Domains = [name.Name] } },
                        Addresses = [.. name.Addresses],
                    }),
                ],
            },
        ],
        _now);

    private static PolicyPlan Plan(DomainAnswer answer) => EgressPlanner.Plan(Inputs([Wildcard], answer));

    private static TargetResult Result(PolicyPlan plan) => plan.IntentResults[0].Result;

    private static IEnumerable<string?> Cidrs(PolicyPlan plan) => plan.Desired.ShouldHaveSingleItem().Spec!.Egress!
        .SelectMany(rule => rule.To ?? []).Select(peer => peer.IpBlock).OfType<V1IPBlock>().Select(block => block.Cidr);

    private static ClientInputs Inputs(string[] domains, params DomainAnswer[] answers) =>
        Inputs(Given.Intents("checkout", new IntentTarget { Internet = new InternetTarget { Domains = [.. domains] } }), answers);

    private static ClientInputs Inputs(ClientIntents intents, params DomainAnswer[][] answers) => new()
    {
        Key = new PolicyKey(SubjectType.Client, Given.Namespace, "checkout"),
        Targets =
        [
            .. intents.Parse().Targets.Select(target => new EgressIntent(
                intents, target, new ParsedWorkloadRef(Given.Namespace, "checkout", null),
                new Destination.ToInternet(target.Internet!, answers[target.Index]))),
        ],
        Candidates = [Given.Workload("checkout")],
        ClusterRanges = [IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("10.96.0.0/12")],
        NamespaceExists = true,
        Settings = _restricted,
    };
}
