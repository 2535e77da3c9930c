using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Tests.Workloads;

public class RecordedClientsTests
{
    private static readonly ParsedWorkloadRef _reference = new("shop", "checkout", null);
    private readonly ClientIntents _intents = Given.Intents("checkout", Given.Target("cart"));

    [Fact]
    public void Restores_the_client_of_a_decision_from_the_status()
    {
        var client = Given.Workload("checkout");

        Record(Decided(client), Decided(client));

        _intents.Status!.Clients!.ShouldHaveSingleItem().Kind.ShouldBe("Deployment");
        var known = Of(_reference)!;
        known.Subject.ShouldBe(client.Subject);
        known.Templates.ShouldBeEmpty();
    }

    [Fact]
    public void Records_that_a_client_uses_the_host_network()
    {
        Record(Decided(Given.Workload("checkout") with { AllPodsUseHostNetwork = true }));

        Of(_reference)!.AllPodsUseHostNetwork.ShouldBeTrue();
    }

    [Fact]
    public void Keeps_the_entry_of_a_missing_client_until_the_declaration_names_another()
    {
        Record(Decided(Given.Workload("checkout")));

        RecordedClients.BuildStatus(_intents, [Decided(null)])!.ShouldHaveSingleItem().Name.ShouldBe("checkout");
        _intents.Spec.Workload.Name = "payment";
        RecordedClients.BuildStatus(_intents, [Decided(null)]).ShouldBeNull();
        Of(_reference with { Name = "payment" }).ShouldBeNull();
    }

    [Fact]
    public void A_new_selector_replaces_the_old_one()
    {
        Record(Decided(Given.Workload("checkout")));
        var moved = Given.Workload("checkout") with { PodSelector = Given.Selector(("app", "new")) };

        RecordedClients.BuildStatus(_intents, [Decided(moved), Decided(null)])!.ShouldHaveSingleItem().PodSelector.ShouldBeSameAs(moved.PodSelector);
    }

    [Fact]
    public void Records_one_client_for_each_cluster_and_merges_equal_ones()
    {
        var other = Given.Workload("checkout") with { PodSelector = Given.Selector(("app", "other")) };

        Record(Decided(Given.Workload("checkout")), Decided(Given.Workload("checkout"), "west"), Decided(other, "east"), Decided(null, "north"));

        _intents.Status!.Clients!.Select(client => client.Clusters ?? []).ShouldBe([["local", "west"], ["east"]], ignoreOrder: true);
        Of(_reference, "east")!.PodSelector.ShouldBeSameAs(other.PodSelector);
        Of(_reference, "north").ShouldBeNull();
        Of(_reference, "west")!.Subject.ShouldBe(Given.Workload("checkout").Subject);
    }

    [Fact]
    public void Keeps_the_client_of_an_unreachable_cluster_and_removes_that_of_an_unselected_one()
    {
        Record(Decided(Given.Workload("checkout"), "east"), Decided(Given.Workload("checkout"), "west"));

        RecordedClients.BuildStatus(_intents, [Decided(null, "east")])!.ShouldHaveSingleItem().Clusters.ShouldBe(["east"]);
    }

    [Theory]
    [InlineData("Deploymint", "app", "checkout")]
    [InlineData("Pods", "app", "checkout")]
    [InlineData("Deployment", "not a label", "checkout")]
    [InlineData("Deployment", null, null)]
    [InlineData("StatefulSet", "app", "checkout")]
    public void Ignores_a_recorded_client_that_is_invalid_or_of_another_kind(string kind, string? key, string? value)
    {
        var selector = key is null ? new V1LabelSelector() : Given.Selector((key, value!));
        _intents.Status = new ClientIntentsStatus { Clients = [new ClientPods { Kind = kind, Name = "checkout", PodSelector = selector }] };

        Of(_reference with { Kind = WorkloadKind.Deployment }).ShouldBeNull();
    }

    [Fact]
    public void Does_not_record_a_selector_with_more_labels_than_the_schema_allows()
    {
        var labels = Enumerable.Range(0, 101).ToDictionary(number => $"label-{number}", static _ => "");

        RecordedClients.BuildStatus(_intents, [Decided(Given.Workload("checkout") with { PodSelector = new V1LabelSelector { MatchLabels = labels } })]).ShouldBeNull();
    }

    private void Record(params IntentResult[] results) => _intents.Status = new ClientIntentsStatus { Clients = RecordedClients.BuildStatus(_intents, results) };

    private Workload? Of(ParsedWorkloadRef reference, string cluster = ClusterSelectionMatcher.Local) => RecordedClients.Find(_intents, reference, cluster);

    private IntentResult Decided(Workload? client, string cluster = ClusterSelectionMatcher.Local) => new(NamespacedName.From(_intents), 1, 0, TargetResult.Enforced, null)
    {
        Client = client?.Subject,
        Cluster = cluster,
        ClientUsesHostNetwork = client?.AllPodsUseHostNetwork == true,
    };
}
