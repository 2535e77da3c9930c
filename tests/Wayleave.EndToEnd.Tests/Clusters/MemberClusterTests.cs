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
        await fleet.DeleteAsync("east");
        (await east.PolicyNamesAsync(Fleet.Shop)).ShouldBeEmpty();
        await fleet.DeleteAsync("west");
        (await west.PolicyNamesAsync(Fleet.Shop)).ShouldBe(["theirs", "wayleave-deployment-orders-ingress"]);
        await fleet.UntilIntentsAsync(Reasons.ClusterNotFound);
        await fleet.UntilCountedAsync(("CLUSTERS_APPLIED", 2), ("CLUSTERS_DELETED", 2), ("CLUSTER_CREDENTIALS_ROTATED", 0));
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
        (await rival.UntilIntentsAsync(Reasons.OwnedByAnother)).Status!.Targets![0].State.ShouldBe(TargetStateNames.Failed);

        var after = await east.Client.GetAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", Fleet.Shop, default);
        after!.Metadata.ResourceVersion.ShouldBe(before!.Metadata.ResourceVersion);
        await rival.DeleteAsync("east");
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
}
