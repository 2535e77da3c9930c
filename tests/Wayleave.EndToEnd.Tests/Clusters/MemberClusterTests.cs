using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>One operator on a hub, enforcing in two members, each with a real API server.</summary>
[Collection(ClustersCollection.Name)]
public sealed class MemberClusterTests
{
    [Fact]
    public async Task Enforces_intents_in_the_selected_clusters_only()
    {
        await using var fleet = await Fleet.StartAsync();
        var east = await fleet.StartMemberAsync();
        var west = await fleet.StartMemberAsync();
        await fleet.Hub.RegisterMemberAsync("east", east, "{tier: prod}");
        await fleet.Hub.RegisterMemberAsync("west", west, "{tier: test}", ", onDelete: Orphan");

        // By name.
        await fleet.DeclareAsync("{names: [east]}");
        await east.WaitForPoliciesAsync(Fleet.Shop, "cart");
        await fleet.UntilIntentsAsync(Reasons.Enforced);
        await fleet.Hub.WaitForPoliciesAsync(Fleet.Shop);
        await west.WaitForPoliciesAsync(Fleet.Shop);
        await ShouldBeMarkedAsync(east);

        // With the local cluster.
        await fleet.DeclareAsync("{names: [local, east]}");
        await fleet.Hub.WaitForPoliciesAsync(Fleet.Shop, "cart");
        await east.WaitForPoliciesAsync(Fleet.Shop, "cart");

        // By label, which is added to clusters and removed from them.
        await fleet.DeclareAsync("{selector: {matchLabels: {tier: prod}}}");
        await fleet.Hub.WaitForPoliciesAsync(Fleet.Shop);
        await LabelAsync(fleet, "west", "tier=prod");
        await west.WaitForPoliciesAsync(Fleet.Shop, "cart");
        await LabelAsync(fleet, "east", "tier=test");
        await east.WaitForPoliciesAsync(Fleet.Shop);
        await LabelAsync(fleet, "west", "tier=test");
        await west.WaitForPoliciesAsync(Fleet.Shop);
        await fleet.UntilIntentsAsync(Reasons.NoClusterSelected);

        // A cluster that does not exist. The intents are recreated, because API servers of 1.20 cannot remove a selector from an applied object.
        await fleet.Hub.DeleteAsync(Yaml.Intents(Fleet.Shop, "checkout", "[]"));
        await fleet.DeclareAsync("{names: [north]}");
        (await fleet.UntilIntentsAsync(Reasons.ClusterNotFound)).Status!.Targets![0].Message!.ShouldContain("north");

        // A protected service, and governance by the labels of the member's own namespaces.
        await fleet.DeclareAsync("{names: [east, west]}");
        await fleet.Hub.ApplyAsync(Yaml.In("{names: [west]}", Yaml.Protection(Fleet.Shop, "orders").Replace("spec: {workload: {name: orders}}", "spec:\n  workload: {name: orders}", StringComparison.Ordinal)));
        await west.WaitForPoliciesAsync(Fleet.Shop, "cart", "orders");
        await fleet.Hub.ApplyAsync(Yaml.Enforcement("quiet", "{mode: Disabled, namespaceSelector: {matchLabels: {quiet: \"yes\"}}}"));
        (await east.ControlPlane.KubectlAsync(["label", "namespace", Fleet.Shop, "quiet=yes"])).EnsureSuccess();
        await east.WaitForPoliciesAsync(Fleet.Shop);
        await west.WaitForPoliciesAsync(Fleet.Shop, "cart", "orders");

        // Drift in a member is reverted.
        await west.Client.DeleteAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Fleet.Shop, null, default);
        await west.WaitForPoliciesAsync(Fleet.Shop, "cart", "orders");

        // When a member is no longer selected, only our policies are deleted.
        await west.ApplyAsync($"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: theirs, namespace: {Fleet.Shop}}}\nspec: {{podSelector: {{}}, policyTypes: [Ingress]}}");
        await fleet.DeclareAsync("{names: [east]}");
        await Poll.UntilAsync("what is left in west", async token => string.Join(' ', await west.PolicyNamesAsync(Fleet.Shop, token)), names => names == "theirs wayleave-deployment-orders-ingress", Poll.Patience, default);

        // Both values of onDelete: east cleans up, west orphans.
        (await east.ControlPlane.KubectlAsync(["label", "namespace", Fleet.Shop, "quiet-"])).EnsureSuccess();
        await east.WaitForPoliciesAsync(Fleet.Shop, "cart");
        await DeleteAsync(fleet, "east");
        (await east.PolicyNamesAsync(Fleet.Shop)).ShouldBeEmpty();
        await DeleteAsync(fleet, "west");
        (await west.PolicyNamesAsync(Fleet.Shop)).ShouldBe(["theirs", "wayleave-deployment-orders-ingress"]);
        await fleet.UntilIntentsAsync(Reasons.ClusterNotFound);
        await fleet.UntilCountedAsync(("CLUSTERS_APPLIED", 2), ("CLUSTERS_DELETED", 2), ("CLUSTER_CREDENTIALS_ROTATED", 0));
    }

    [Fact]
    public async Task Handles_a_member_that_is_paused_rotated_stopped_replaced_or_gone()
    {
        await using var fleet = await Fleet.StartAsync();
        var east = await fleet.StartMemberAsync();
        await fleet.Hub.RegisterMemberAsync("east", east);
        await fleet.DeclareAsync("{names: [east]}");
        await east.WaitForPoliciesAsync(Fleet.Shop, "cart");
        var first = (await fleet.Hub.UntilClusterAsync("east", Reasons.Connected)).Status!.Credentials;

        // Paused: nothing is changed there.
        await fleet.Hub.ApplyAsync(Yaml.MemberCluster(MemberClusters.Home, "east", more: ", paused: true"));
        await fleet.Hub.UntilClusterAsync("east", Reasons.Paused);
        await fleet.DeclareAsync("{names: [east]}", "{kubernetes: {name: orders}}");
        await fleet.UntilIntentsAsync(Reasons.Paused);
        (await east.PolicyNamesAsync(Fleet.Shop)).ShouldBe(["wayleave-deployment-cart-ingress"]);
        await fleet.Hub.ApplyAsync(Yaml.MemberCluster(MemberClusters.Home, "east"));
        await east.WaitForPoliciesAsync(Fleet.Shop, "orders");

        // Rotated: bad credentials are reported while the old ones stay in use, good ones are used and counted.
        await fleet.Hub.ApplyAsync(Yaml.Secret(MemberClusters.Home, "east", "kubeconfig", "nonsense"));
        await fleet.Hub.UntilClusterAsync("east", Reasons.InvalidKubeconfig);
        await fleet.Hub.ApplyAsync(Yaml.Secret(MemberClusters.Home, "east", "kubeconfig", await MemberClusters.KubeconfigAsync(east)));
        var second = (await fleet.Hub.UntilClusterAsync("east", Reasons.Connected)).Status!.Credentials;
        second.ShouldNotBe(first);
        await fleet.UntilCountedAsync(("CLUSTERS_APPLIED", 1), ("CLUSTER_CREDENTIALS_ROTATED", 1));

        // Stopped, with changes meanwhile and a new operator.
        await east.ControlPlane.StopApiServerAsync();
        await fleet.Hub.UntilClusterAsync("east", Reasons.Unreachable);
        (await fleet.UntilIntentsAsync(Reasons.Unreachable)).Status!.Targets![0].State.ShouldBe(TargetStates.Pending);
        await fleet.DeclareAsync("{names: [east]}");
        await fleet.Operator!.StopAsync();
        await fleet.StartOperatorAsync();
        await fleet.UntilIntentsAsync(Reasons.Unreachable);
        await east.ControlPlane.StartApiServerAsync();
        await east.WaitForPoliciesAsync(Fleet.Shop, "cart");
        await fleet.UntilIntentsAsync(Reasons.Enforced);

        // Replaced by an empty one.
        var other = await fleet.StartMemberAsync();
        await fleet.Hub.ApplyAsync(Yaml.Secret(MemberClusters.Home, "east", "kubeconfig", await MemberClusters.KubeconfigAsync(other)));
        await other.WaitForPoliciesAsync(Fleet.Shop, "cart");
        await fleet.Hub.UntilClusterAsync("east", Reasons.Connected);
        await fleet.UntilCountedAsync(("CLUSTERS_APPLIED", 1), ("CLUSTER_CREDENTIALS_ROTATED", 2), ("CLUSTERS_DELETED", 0));

        // Gone: the deletion waits and reports how to orphan the cluster, and the annotation completes it.
        await other.ControlPlane.StopApiServerAsync();
        await BeginDeleteAsync(fleet, "east");
        (await fleet.Hub.WaitForAsync<Cluster>("the clean-up to wait", null, "east", cluster => cluster.Ready()?.Reason == Reasons.CleaningUp)).Status!.Conditions![0].Message.ShouldContain("wayleave.dev/orphan");
        (await fleet.Hub.ControlPlane.KubectlAsync(["annotate", "clusters.wayleave.dev", "east", "wayleave.dev/orphan=true"])).EnsureSuccess();
        await UntilGoneAsync(fleet, "east");
        await fleet.UntilCountedAsync(("CLUSTERS_DELETED", 1));
    }

    [Fact]
    public async Task A_restart_changes_no_status_when_the_clusters_are_up_to_date()
    {
        await using var fleet = await Fleet.StartAsync();
        var east = await fleet.StartMemberAsync();
        await fleet.Hub.RegisterMemberAsync("east", east);
        await fleet.DeclareAsync("{names: [local, east]}");
        await fleet.UntilIntentsAsync(Reasons.Enforced);
        await fleet.Operator!.StopAsync();
        var before = await VersionsAsync(fleet);

        await fleet.StartOperatorAsync();

        // The new process works in the member when it has reverted this drift.
        await east.Client.DeleteAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Fleet.Shop, null, default);
        await east.WaitForPoliciesAsync(Fleet.Shop, "cart");
        await fleet.Operator!.WaitUntilIdleAsync(1);
        (await VersionsAsync(fleet)).ShouldBe(before);
    }

    [Fact]
    public async Task A_second_installation_leaves_the_policy_of_the_first_unchanged()
    {
        await using var fleet = await Fleet.StartAsync();
        await using var rival = await Fleet.StartAsync();
        var east = await fleet.StartMemberAsync();
        await fleet.Hub.RegisterMemberAsync("east", east);
        await fleet.DeclareAsync("{names: [east]}");
        await east.WaitForPoliciesAsync(Fleet.Shop, "cart");
        var before = await east.Client.GetAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Fleet.Shop, default);

        await rival.Hub.RegisterMemberAsync("east", east);
        await rival.DeclareAsync("{names: [east]}");
        (await rival.UntilIntentsAsync(Reasons.OwnedByAnother)).Status!.Targets![0].State.ShouldBe(TargetStates.Failed);

        var after = await east.Client.GetAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Fleet.Shop, default);
        after!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
        await DeleteAsync(rival, "east");
        (await east.PolicyNamesAsync(Fleet.Shop)).ShouldBe(["wayleave-deployment-cart-ingress"]);
    }

    // The policy identifies the installation by a digest only, which is not the context id.
    private static async Task ShouldBeMarkedAsync(TestCluster east)
    {
        var policy = await east.Client.GetAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Fleet.Shop, default);
        policy!.Metadata.Annotations!["wayleave.dev/installation"].ShouldMatch("^[0-9a-f]{32}$");
    }

    private static async Task LabelAsync(Fleet fleet, string cluster, string label) =>
        (await fleet.Hub.ControlPlane.KubectlAsync(["label", "clusters.wayleave.dev", cluster, label, "--overwrite"])).EnsureSuccess();

    private static async Task BeginDeleteAsync(Fleet fleet, string name) =>
        (await fleet.Hub.ControlPlane.KubectlAsync(["delete", "clusters.wayleave.dev", name, "--wait=false"])).EnsureSuccess();

    private static async Task DeleteAsync(Fleet fleet, string name)
    {
        await BeginDeleteAsync(fleet, name);
        await UntilGoneAsync(fleet, name);
    }

    // The counts in a Cluster's status may be half a minute old, so a new process may update them; only the transition time must not change.
    private static async Task<(DateTime, string?)> VersionsAsync(Fleet fleet) =>
    (
        (await fleet.Hub.Client.GetAsync<Cluster>("east", null, default))!.Ready()!.LastTransitionTime,
        (await fleet.Hub.Client.GetAsync<ClientIntents>("checkout", Fleet.Shop, default))!.Metadata.ResourceVersion);

    private static Task UntilGoneAsync(Fleet fleet, string name) => Poll.UntilAsync(
        $"the Cluster {name} to go", async token => await fleet.Hub.Client.GetAsync<Cluster>(name, null, token) is null, Poll.Patience, default);
}
