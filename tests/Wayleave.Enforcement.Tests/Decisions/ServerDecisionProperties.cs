using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Decisions;

public class ServerDecisionProperties
{
    [Fact]
    public void The_order_of_declarations_does_not_matter() =>
        Prop.ForAll(
            (from calls in Calls()
             from shuffled in Gen.Shuffle(calls)
             select (Calls: calls, Shuffled: shuffled)).ToArbitrary(),
            pair => Text(Decide(pair.Calls)) == Text(Decide(pair.Shuffled))).QuickCheckThrowOnFailure();

    [Fact]
    public void Declaring_everything_twice_changes_nothing() =>
        Prop.ForAll(Calls().ToArbitrary(), calls => Text(Decide(calls)) == Text(Decide([.. calls, .. calls]))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_policy_that_was_written_and_read_back_matches() =>
        Prop.ForAll(Calls().ToArbitrary(), calls => Decide(calls).Desired.All(policy =>
        {
            var json = JsonSerializer.Serialize(policy, SourceGenerationContext.Default.V1NetworkPolicy);
            return PolicyEquality.Matches(JsonSerializer.Deserialize(json, SourceGenerationContext.Default.V1NetworkPolicy)!, policy);
        })).QuickCheckThrowOnFailure();

    [Fact]
    public void Another_declaration_never_denies_what_was_allowed() =>
        Prop.ForAll(Calls().ToArbitrary(), Calls().ToArbitrary(), (some, others) =>
            Decide(some).Desired.SelectMany(Openings).ToHashSet().IsSubsetOf(Closure(Decide([.. some, .. others])))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_policy_with_a_rule_for_each_of_ten_thousand_clients_fits_into_a_request()
    {
        var calls = Enumerable.Range(0, 10_000)
            .Select(i => Given.Call(Given.IntentsIn($"team-{i % 100}", $"client-{i}", Given.Target("cart.shop", "Deployment", 8080))))
            .ToArray();

        var plan = Decide(calls);

        Given.RulesAfterOwnPods(plan.Desired.ShouldHaveSingleItem()).Count.ShouldBe(10_000);
        Text(plan).Length.ShouldBeLessThan(3 * 1024 * 1024);
    }

    private static PolicyPlan Decide(IngressIntent[] calls) => IngressPlanner.Plan(Given.Server(calls) with
    {
        Candidates = [Given.Workload("cart"), Given.Workload("cart", kind: WorkloadKind.StatefulSet)],
    });

    private static string Text(PolicyPlan plan) =>
        string.Join('\n', plan.Desired.Concat(plan.Retained).Select(policy => JsonSerializer.Serialize(policy, SourceGenerationContext.Default.V1NetworkPolicy)));

    // Each allowed call, as server, client and port. "*" stands for every port.
    private static IEnumerable<string> Openings(V1NetworkPolicy policy) =>
        from rule in Given.RulesAfterOwnPods(policy)
        let peer = rule.FromProperty![0]
        let client = $"{policy.Metadata.Name} {peer.NamespaceSelector!.MatchLabels!.Values.Single()} {peer.PodSelector!.MatchLabels!["app"]}"
        from port in rule.Ports?.Select(port => port.Port.ToString()) ?? ["*"]
        select $"{client} {port}";

    private static HashSet<string> Closure(PolicyPlan plan) => plan.Desired
        .SelectMany(Openings)
        .SelectMany(opening => opening.EndsWith('*') ? Range().Select(port => opening[..^1] + port).Append(opening) : [opening])
        .ToHashSet();

    private static IEnumerable<int> Range() => Enumerable.Range(80, 4);

    private static Gen<IngressIntent[]> Calls() =>
        (from @namespace in Gen.Elements("shop", "web")
         from client in Gen.Elements("a", "b", "c")
         from ports in Gen.Elements([.. Range()]).ArrayOf()
         from kind in Gen.Elements(null, "Deployment", "StatefulSet")
         from missing in Gen.Elements(false, false, true)
         select Call(Given.IntentsIn(@namespace, client, Given.Target("cart.shop", kind, ports)), missing)).ArrayOf();

    private static IngressIntent Call(ClientIntents intents, bool missing) =>
        missing ? Given.Call(intents, new WorkloadResolution.NotFound([])) : Given.Call(intents);
}
