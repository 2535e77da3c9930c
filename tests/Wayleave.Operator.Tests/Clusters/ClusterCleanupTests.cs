using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Clusters;

public sealed class ClusterCleanupTests
{
    private readonly FakeCluster _hub = Shop.Cluster();
    private readonly FakeCluster _east = FakeMembers.Cluster(1);
    private readonly FakeMembers _members = new();
    private readonly RecordedClient _client;

    public ClusterCleanupTests()
    {
        _client = _members.Add(_east, "east");
        FakeMembers.Register(_hub, "east", "east");
        _hub.User.Edit<Cluster>(null, "east", cluster => cluster.Metadata.Finalizers = [WayleaveLabels.Cleanup]);
        _hub.User.Delete<Cluster>(null, "east");
    }

    [Fact]
    public async Task Removes_at_most_100_policies_in_one_step()
    {
        await using var running = await StartAsync();
        await PutPoliciesAsync(250, new PolicyOwner(running.Mark));

        (await LeaveAsync(running)).ShouldBeFalse();
        Deletes().ShouldBe(100);
        (await LeaveAsync(running)).ShouldBeFalse();
        (await LeaveAsync(running)).ShouldBeTrue();

        Deletes().ShouldBe(250);
        _hub.List<Cluster>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Ends_a_step_early_when_the_API_server_is_slow()
    {
        await using var running = await StartAsync();
        await PutPoliciesAsync(50, new PolicyOwner(running.Mark));
        var time = (ManualTimeProvider)running.Services.GetService(typeof(TimeProvider))!;
        _client.BeforeWrite = _ => time.Freeze(TimeSpan.FromSeconds(9));

        (await LeaveAsync(running)).ShouldBeFalse();

        Deletes().ShouldBe(3);
    }

    [Fact]
    public async Task Keeps_the_policies_of_other_installations_and_those_without_a_mark()
    {
        await using var running = await StartAsync();
        await PutPoliciesAsync(600, new PolicyOwner(new string('b', 32)));
        _east.User.Edit<V1NetworkPolicy>(Shop.Namespace, "policy-0", policy => policy.Metadata.Annotations!.Remove(WayleaveLabels.Installation));

        (await LeaveAsync(running)).ShouldBeTrue();

        Deletes().ShouldBe(0);
    }

    [Fact]
    public async Task Removes_all_policies_and_then_the_finalizer_of_a_deleted_Cluster()
    {
        var mark = Installation.ComputeMark(_hub.List<V1Namespace>().Single(one => one.Metadata.Name == "kube-system").Metadata.Uid!, "wayleave-system");
        await PutPoliciesAsync(250, new PolicyOwner(mark));
        await using var running = await StartAsync(leads: true);

        await running.UntilAsync("the Cluster to go", () => _hub.List<Cluster>().Count == 0);

        _east.List<V1NetworkPolicy>().ShouldBeEmpty();
    }

    private int Deletes() => _client.Writes.Count(write => write.StartsWith("delete", StringComparison.Ordinal));

    private Task<bool> LeaveAsync(RunningOperator running) =>
        ((ClusterCleanup)running.Services.GetService(typeof(ClusterCleanup))!).CleanUpAsync(_hub.List<Cluster>().Single(), CancellationToken.None);

    private Task<RunningOperator> StartAsync(bool leads = false) =>
        Shop.StartAsync(_hub, new RunningOptions { Members = _members.Wrap, Leads = leads });

    private async Task PutPoliciesAsync(int count, PolicyOwner owner)
    {
        for (var i = 0; i < count; i++)
        {
            await _east.CreateAsync(
                owner.WithMark(new V1NetworkPolicy
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = $"policy-{i}",
                        NamespaceProperty = Shop.Namespace,
                        Labels = new Dictionary<string, string>() { [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue },
                    },
                    Spec = new V1NetworkPolicySpec { PodSelector = new V1LabelSelector(), PolicyTypes = ["Ingress"] },
                }),
                CancellationToken.None);
        }
    }
}
