using System.Collections.Immutable;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Tests.Resolution;

public sealed class WorkloadFinderTests
{
    private static readonly Dictionary<string, OwnerFacts> _owners = new(StringComparer.Ordinal)
    {
        ["of-deployment"] = new(new ControllerReference("apps/v1", "Deployment", "cart", "d")),
        ["of-rollout"] = new(new ControllerReference("argoproj.io/v1alpha1", "Rollout", "cart", "r")),
        ["of-cronjob"] = new(new ControllerReference("batch/v1", "CronJob", "nightly", "c")),
        ["of-hostile"] = new(new ControllerReference("example.com/v1", "Tool", "<b>", "h")),
        ["by-hand"] = new(Controller: null),
    };

    [Theory]
    [InlineData("apps/v1", "ReplicaSet", "cart-1", "of-deployment", "Deployment", "cart")]
    [InlineData("apps/v1", "ReplicaSet", "cart-1", "by-hand", "ReplicaSet", "cart-1")]
    [InlineData("apps/v1", "StatefulSet", "db", "any", "StatefulSet", "db")]
    [InlineData("apps/v1", "DaemonSet", "agent", "any", "DaemonSet", "agent")]
    [InlineData("batch/v1", "Job", "nightly-29", "of-cronjob", "CronJob", "nightly")]
    [InlineData("batch/v1", "Job", "migrate", "by-hand", "Job", "migrate")]
    [InlineData("v1", "Node", "node-1", "any", "Pod", "kube-proxy")]
    public void Follows_the_owners_to_a_kind_that_a_declaration_can_name(
        string version, string kind, string name, string uid, string expectedKind, string expectedName)
    {
        var found = Find(Pod("kube-proxy-node-1", new ControllerReference(version, kind, name, uid)));

        found.ShouldNotBeNull().Key.ShouldBe(new WorkloadKey("shop", expectedKind, expectedName));
        found.Labels.ShouldBeNull();
    }

    [Fact]
    public void Names_a_Pod_without_a_controller_by_its_own_name() =>
        Find(Pod("debug", controller: null)).ShouldNotBeNull().Key.ShouldBe(new WorkloadKey("shop", "Pod", "debug"));

    [Fact]
    public void Does_not_guess_while_the_owner_of_a_Pod_is_unknown() =>
        Find(Pod("cart-1-x", new ControllerReference("apps/v1", "ReplicaSet", "cart-1", "not-seen-yet"))).ShouldBeNull();

    [Theory]
    [InlineData("apps/v1", "ReplicaSet", "cart-7d9", "of-rollout", "ReplicaSet", "cart")]
    [InlineData("postgresql.cnpg.io/v1", "Cluster", "db", "any", "Pod", "db")]
    public void Names_Pods_of_other_controllers_by_their_labels_without_those_that_change(
        string version, string kind, string name, string uid, string expectedKind, string expectedName)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["app"] = "cart",
            ["rollouts-pod-template-hash"] = "7d9",
        };
        var controller = new ControllerReference(version, kind, name, uid);
        WorkloadFinder.NeedsLabels(controller, labels).ShouldBeTrue();

        var found = Find(Pod("cart-7d9-x", controller) with { Labels = labels.ToImmutableSortedDictionary(StringComparer.Ordinal) });

        found.ShouldNotBeNull().Key.ShouldBe(new WorkloadKey("shop", expectedKind, expectedName));
        found.Labels.ShouldNotBeNull().ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("app", "cart"));
    }

    [Theory]
    [InlineData("example.com/v1", "Tool", "Not a name", "any")]
    [InlineData("example.com/v1", "Tool", "name\n", "any")]
    [InlineData("apps/v1", "StatefulSet", "Db", "any")]
    [InlineData("apps/v1", "ReplicaSet", "cart_1", "by-hand")]
    [InlineData("apps/v1", "ReplicaSet", "cart-1", "of-hostile")]
    [InlineData("batch/v1", "Job", "-migrate", "by-hand")]
    public void Names_a_Pod_by_its_own_name_if_the_name_of_its_owner_is_none(string version, string kind, string name, string uid)
    {
        var found = Find(Pod("cart-1-x", new ControllerReference(version, kind, name, uid)));

        found.ShouldNotBeNull().ShouldBe(new WorkloadIdentity(new WorkloadKey("shop", "Pod", "cart-1-x")));
    }

    [Fact]
    public void Names_a_Pod_by_its_own_name_if_the_name_of_its_owner_is_too_long() =>
        Find(Pod("cart-1-x", new ControllerReference("example.com/v1", "Tool", new string('a', 254), "any")))
            .ShouldNotBeNull().Key.Name.ShouldBe("cart-1-x");

    [Fact]
    public void Names_Pods_by_no_more_labels_than_a_selector_can_have()
    {
        var labels = Enumerable.Range(0, 150).ToImmutableSortedDictionary(
            index => $"label-{index:d3}", _ => "x", StringComparer.Ordinal);

        var found = Find(Pod("db-1", new ControllerReference("example.com/v1", "Tool", "db", "any")) with { Labels = labels });

        found.ShouldNotBeNull().Labels.ShouldNotBeNull().Keys.ShouldBe(labels.Keys.Take(100));
    }

    [Fact]
    public void Needs_no_labels_of_Pods_of_known_controllers()
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["pod-template-hash"] = "7d9" };

        WorkloadFinder.NeedsLabels(new ControllerReference("apps/v1", "ReplicaSet", "cart-7d9", "u"), labels).ShouldBeFalse();
        WorkloadFinder.NeedsLabels(new ControllerReference("apps/v1", "StatefulSet", "db", "u"), labels).ShouldBeFalse();
        WorkloadFinder.NeedsLabels(null, labels).ShouldBeFalse();
    }

    private static WorkloadIdentity? Find(PodFacts pod) => WorkloadFinder.Find(pod, uid => _owners.GetValueOrDefault(uid));

    private static PodFacts Pod(string name, ControllerReference? controller) =>
        new() { Uid = Guid.NewGuid(), Namespace = "shop", Name = name, Controller = controller };
}
