using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Tests.Workloads;

public class RecordedClientsTests
{
    private static readonly WorkloadReference _reference = new("shop", "checkout", null);
    private readonly ClientIntents _intents = Given.Intents("checkout", Given.Target("cart"));

    [Fact]
    public void What_a_decision_knew_of_the_client_is_read_again_from_the_status()
    {
        var client = Given.Workload("checkout");

        Record(Decided(client), Decided(client));

        _intents.Status!.Clients!.ShouldHaveSingleItem().Kind.ShouldBe("Deployment");
        var known = Of(_reference)!;
        known.Subject.ShouldBe(client.Subject);
        known.Templates.ShouldBeEmpty();
    }

    [Fact]
    public void A_client_on_the_host_network_is_known_as_such()
    {
        Record(Decided(Given.Workload("checkout") with { HostNetwork = true }));

        Of(_reference)!.HostNetwork.ShouldBeTrue();
    }

    [Fact]
    public void A_client_that_is_not_known_any_more_keeps_its_entry_until_the_declaration_names_another()
    {
        Record(Decided(Given.Workload("checkout")));

        RecordedClients.Next(_intents, [Decided(null)])!.ShouldHaveSingleItem().Name.ShouldBe("checkout");
        _intents.Spec.Workload.Name = "payment";
        RecordedClients.Next(_intents, [Decided(null)]).ShouldBeNull();
        Of(_reference with { Name = "payment" }).ShouldBeNull();
    }

    [Fact]
    public void A_new_selector_replaces_the_old_one()
    {
        Record(Decided(Given.Workload("checkout")));
        var moved = Given.Workload("checkout") with { PodSelector = Given.Selector(("app", "new")) };

        RecordedClients.Next(_intents, [Decided(moved), Decided(null)])!.ShouldHaveSingleItem().PodSelector.ShouldBeSameAs(moved.PodSelector);
    }

    [Fact]
    public void Each_cluster_has_a_client_of_its_own_and_equal_ones_share_an_entry()
    {
        var other = Given.Workload("checkout") with { PodSelector = Given.Selector(("app", "other")) };

        Record(Decided(Given.Workload("checkout")), Decided(Given.Workload("checkout"), "west"), Decided(other, "east"), Decided(null, "north"));

        _intents.Status!.Clients!.Select(client => client.Clusters ?? []).ShouldBe([["local", "west"], ["east"]], ignoreOrder: true);
        Of(_reference, "east")!.PodSelector.ShouldBeSameAs(other.PodSelector);
        Of(_reference, "north").ShouldBeNull();
        Of(_reference, "west")!.Subject.ShouldBe(Given.Workload("checkout").Subject);
    }

    [Fact]
    public void A_cluster_that_cannot_be_reached_keeps_its_client_and_one_that_is_not_meant_loses_it()
    {
        Record(Decided(Given.Workload("checkout"), "east"), Decided(Given.Workload("checkout"), "west"));

        RecordedClients.Next(_intents, [Decided(null, "east")])!.ShouldHaveSingleItem().Clusters.ShouldBe(["east"]);
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

        Of(_reference with { Kind = WorkloadKind.Deployment }).ShouldBeNull();
    }

    [Fact]
    public void What_the_schema_would_refuse_is_not_recorded()
    {
        var labels = Enumerable.Range(0, 101).ToDictionary(number => $"label-{number}", static _ => "");

        RecordedClients.Next(_intents, [Decided(Given.Workload("checkout") with { PodSelector = new V1LabelSelector { MatchLabels = labels } })]).ShouldBeNull();
    }

    private void Record(params CallResult[] results) => _intents.Status = new ClientIntentsStatus { Clients = RecordedClients.Next(_intents, results) };

    private Workload? Of(WorkloadReference reference, string cluster = ClusterSelector.Local) => RecordedClients.Of(_intents, reference, cluster);

    private CallResult Decided(Workload? client, string cluster = ClusterSelector.Local) => new(NamespacedName.Of(_intents), 1, 0, TargetResult.Enforced, null)
    {
        Client = client?.Subject,
        Cluster = cluster,
        IsClientOnHosts = client?.HostNetwork == true,
    };
}
