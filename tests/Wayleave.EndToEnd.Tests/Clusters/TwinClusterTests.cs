using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>Two Clusters whose kubeconfigs lead to one API server, as different users.</summary>
[Collection(Name)]
public sealed class TwinClusterTests
{
    public const string Name = "Twins";
    private const int Times = 20;
    private static readonly string[] _names = ["east", "prod-east"];

    [Fact]
    public async Task One_of_two_Clusters_created_in_one_apply_connects()
    {
        await using var fleet = await Fleet.StartAsync();
        var member = await fleet.StartMemberAsync();
        var audit = new AuditLog(member.ControlPlane.AuditLogPath!);
        await fleet.Hub.ApplyAsync(Yaml.Secret(MemberClusters.Home, "east", "kubeconfig", await MemberClusters.KubeconfigAsync(member)));
        var admin = await ServiceAccount.CreateAsync(member.ControlPlane, "default", "admin");
        await fleet.Hub.ApplyAsync(Yaml.Secret(MemberClusters.Home, "prod-east", "kubeconfig", await File.ReadAllTextAsync(await admin.WriteKubeconfigAsync(member.ControlPlane))));
        await fleet.DeclareAsync("{names: [east, prod-east]}");

        for (var time = 0; time < Times; time++)
        {
            var mark = audit.Mark();
            await CreateBothAsync(fleet);
            await ShouldConnectTheOlderAsync(fleet, member);
            (await WritesAsync(member, audit, mark)).ShouldBe(["create"], $"time {time}");
            if (time < Times - 1)
            {
                await DeleteBothAsync(fleet);
            }
        }

        // After a restart and after a change of the Secret only one is connected, and no policy is written.
        var before = audit.Mark();
        await fleet.Operator!.StopAsync();
        await fleet.StartOperatorAsync();
        await fleet.Operator!.WaitUntilIdleAsync(4);
        await ShouldConnectTheOlderAsync(fleet, member);
        await fleet.Hub.ApplyAsync(Yaml.Secret(MemberClusters.Home, "east", "kubeconfig", await MemberClusters.KubeconfigAsync(member)));
        await ShouldConnectTheOlderAsync(fleet, member);
        (await WritesAsync(member, audit, before)).ShouldBeEmpty();
    }

    private static async Task CreateBothAsync(Fleet fleet)
    {
        var both = string.Join("\n---\n", _names.Select(name => Yaml.MemberCluster(MemberClusters.Home, name)));
        (await fleet.Hub.ControlPlane.KubectlAsync(["apply", "--validate=false", "--filename=-"], both)).EnsureSuccess();
    }

    private static async Task ShouldConnectTheOlderAsync(Fleet fleet, TestCluster member)
    {
        var clusters = await Poll.UntilAsync(
            "one to be connected and the other refused",
            async token => await ListAsync(fleet, token),
            found => found.Select(cluster => cluster.Ready()?.Reason).Order(StringComparer.Ordinal).SequenceEqual([Reasons.Connected, Reasons.SameCluster]),
            Poll.Patience,
            default);
        clusters.OrderBy(cluster => cluster.Metadata.CreationTimestamp).ThenBy(cluster => cluster.Metadata.Name, StringComparer.Ordinal)
            .Select(cluster => cluster.Ready()!.Reason).ShouldBe([Reasons.Connected, Reasons.SameCluster]);
        await member.WaitForPoliciesAsync(Fleet.Shop, "cart");
    }

    private static async Task DeleteBothAsync(Fleet fleet)
    {
        (await fleet.Hub.ControlPlane.KubectlAsync(["delete", "clusters.wayleave.dev", .. _names])).EnsureSuccess();
        await Poll.UntilAsync("both to go", async token => (await ListAsync(fleet, token)).Count == 0, Poll.Patience, default);
    }

    private static async Task<IReadOnlyList<Cluster>> ListAsync(Fleet fleet, CancellationToken cancellationToken) =>
        [.. (await fleet.Hub.Client.ListAsync<Cluster>(new ListOptions(), cancellationToken)).Items];

    private static async Task<IReadOnlyList<string>> WritesAsync(TestCluster member, AuditLog audit, long mark)
    {
        // The API server logs a request after it has answered: when this one is logged, all earlier ones are.
        var sign = $"sign-{Guid.NewGuid():N}";
        await member.Client.GetAsync<k8s.Models.V1Namespace>(sign, null, default);
        var records = await Poll.UntilAsync(
            "a later request in the audit log", _ => Task.FromResult(audit.Read(mark)), found => found.Any(record => record.Name == sign), Poll.Patience, default);
        return [.. records.Where(record => record is { IsWrite: true, Resource: "networkpolicies" }).Select(record => record.Verb)];
    }
}
