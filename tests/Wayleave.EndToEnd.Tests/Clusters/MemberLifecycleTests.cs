using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>One member through the states of its Cluster, and across a restart of the operator.</summary>
[Collection(Name)]
public sealed class MemberLifecycleTests
{
    public const string Name = "Members";

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
        (await fleet.UntilIntentsAsync(Reasons.Unreachable)).Status!.Targets![0].State.ShouldBe(TargetStateNames.Pending);
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
        await fleet.BeginDeleteAsync("east");
        (await fleet.Hub.WaitForAsync<Cluster>("the clean-up to wait", null, "east", cluster => cluster.Ready()?.Reason == Reasons.CleaningUp)).Status!.Conditions![0].Message.ShouldContain("wayleave.dev/orphan");
        (await fleet.Hub.ControlPlane.KubectlAsync(["annotate", "clusters.wayleave.dev", "east", "wayleave.dev/orphan=true"])).EnsureSuccess();
        await fleet.UntilGoneAsync("east");
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

    // The counts in a Cluster's status may be half a minute old, so a new process may update them; only the transition time must not change.
    private static async Task<(DateTime, string?)> VersionsAsync(Fleet fleet) =>
    (
        (await fleet.Hub.Client.GetAsync<Cluster>("east", null, default))!.Ready()!.LastTransitionTime,
        (await fleet.Hub.Client.GetAsync<ClientIntents>("checkout", Fleet.Shop, default))!.Metadata.ResourceVersion);
}
