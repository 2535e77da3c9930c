using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Workloads;

public class RecordedClientsTests
{
    private static readonly WorkloadReference _reference = new("shop", "checkout", null);
    private readonly ClientIntents _intents = Given.Intents("checkout", Given.Target("cart"));

    [Fact]
    public void What_a_decision_knew_of_the_client_is_read_again_from_the_status()
    {
        var client = Given.Workload("checkout");

        Record(Verdict(client), Verdict(client));

        _intents.Status!.Clients!.ShouldHaveSingleItem().Kind.ShouldBe("Deployment");
        var known = RecordedClients.Of(_intents, _reference, []).ShouldHaveSingleItem();
        known.Subject.ShouldBe(client.Subject);
        known.Templates.ShouldBeEmpty();
    }

    [Fact]
    public void A_client_on_the_host_network_is_known_as_such()
    {
        Record(Verdict(Given.Workload("checkout") with { HostNetwork = true }));

        RecordedClients.Of(_intents, _reference, [Policy("other")]).ShouldHaveSingleItem().HostNetwork.ShouldBeTrue();
    }

    [Fact]
    public void A_client_that_is_not_known_any_more_keeps_its_entry_until_the_declaration_names_another()
    {
        Record(Verdict(Given.Workload("checkout")));

        RecordedClients.Next(_intents, [Verdict(null)])!.ShouldHaveSingleItem().Name.ShouldBe("checkout");
        _intents.Spec.Workload.Name = "payment";
        RecordedClients.Next(_intents, [Verdict(null)]).ShouldBeNull();
        RecordedClients.Of(_intents, _reference with { Name = "payment" }, []).ShouldBeEmpty();
    }

    [Fact]
    public void A_new_selector_replaces_the_old_one_where_every_cluster_knows_it()
    {
        Record(Verdict(Given.Workload("checkout")));
        var moved = Given.Workload("checkout") with { PodSelector = Given.Selector(("app", "new")) };

        RecordedClients.Next(_intents, [Verdict(moved)])!.ShouldHaveSingleItem();
        RecordedClients.Next(_intents, [Verdict(moved), Verdict(null)])!.Count.ShouldBe(2);
    }

    [Fact]
    public void A_status_alone_opens_nothing_in_a_policy_that_does_not_allow_it()
    {
        Record(Verdict(Given.Workload("checkout")));

        RecordedClients.Of(_intents, _reference, [Policy("checkout")]).Count.ShouldBe(1);
        RecordedClients.Of(_intents, _reference, [Policy("other")]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Deploymint", "app", "checkout")]
    [InlineData("Pods", "app", "checkout")]
    [InlineData("Deployment", "not a label", "checkout")]
    [InlineData("Deployment", null, null)]
    [InlineData("StatefulSet", "app", "checkout")]
    public void What_someone_else_wrote_into_the_status_is_checked(string kind, string? key, string? value)
    {
        var selector = key is null ? new V1LabelSelector() : Given.Selector((key, value!));
        _intents.Status = new ClientIntentsStatus { Clients = [new ClientPods { Kind = kind, Name = "checkout", PodSelector = selector }] };

        RecordedClients.Of(_intents, _reference with { Kind = WorkloadKind.Deployment }, []).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_schema_would_refuse_is_not_recorded()
    {
        var labels = Enumerable.Range(0, 101).ToDictionary(number => $"label-{number}", static _ => "");

        RecordedClients.Next(_intents, [Verdict(Given.Workload("checkout") with { PodSelector = new V1LabelSelector { MatchLabels = labels } })]).ShouldBeNull();
    }

    private void Record(params CallVerdict[] verdicts) => _intents.Status = new ClientIntentsStatus { Clients = RecordedClients.Next(_intents, verdicts) };

    private CallVerdict Verdict(Workload? client) => new(NamespacedName.Of(_intents), 1, 0, Enforcement.Verdict.Enforced, null)
    {
        Client = client?.Subject,
        IsClientOnHosts = client?.HostNetwork == true,
    };

    private static V1NetworkPolicy Policy(string client) =>
        NetworkPolicyBuilder.Build(new EffectivePolicy(Given.Workload("cart").Subject, [new Caller(Given.Workload(client).Subject, [])]));
}
