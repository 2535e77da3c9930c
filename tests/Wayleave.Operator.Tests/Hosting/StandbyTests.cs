using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Tests.Meaning;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>A replica that does not lead: it fills its caches, and its queues stay empty.</summary>
public sealed class StandbyTests
{
    private const string Shop = "shop";
    private static readonly Defaults _defaults = new(EnforcementMode.Enforce, Egress: true);

    private readonly FakeCluster _cluster = new(ApiClients.Registry, WayleaveLabels.FieldManager);

    public StandbyTests()
    {
        _cluster.User.Put(Namespace(Names.OperatorNamespace));
        _cluster.User.Put(Namespace(Shop));
        _cluster.User.Put(Deployment("checkout"));
    }

    [Fact]
    public async Task Enqueues_nothing_and_reports_a_depth_of_0_until_it_leads()
    {
        await using var standby = await RunningOperator.StandByAsync(_cluster, _defaults);
        Declare(200);
        await standby.WaitForCachesAsync();

        (standby.Measured("workqueue_depth"), standby.Measured("workqueue_adds_total")).ShouldBe((0, 0));
        _cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reconciles_everything_in_its_caches_when_it_becomes_leader()
    {
        await using var standby = await RunningOperator.StandByAsync(_cluster, _defaults);
        Declare(20);
        await standby.WaitForCachesAsync();

        standby.Lead();
        await standby.SettleAsync();

        _cluster.List<V1NetworkPolicy>().Count(policy => policy.Metadata.Name!.EndsWith("-ingress", StringComparison.Ordinal)).ShouldBe(20);
        _cluster.List<ClientIntents>().ShouldAllBe(intents => intents.Status!.ObservedGeneration == intents.Metadata.Generation);
    }

    [Fact]
    public async Task Reconciles_changes_that_happened_between_two_leader_terms()
    {
        await using var replica = await RunningOperator.StartAsync(_cluster, _defaults);
        Declare(10);
        await replica.SettleAsync();

        await replica.LoseLeadAsync();
        var writes = _cluster.Writes.Count;
        Declare(5);
        _cluster.User.Put(Deployment("late"));
        await replica.WaitForCachesAsync();
        (replica.Measured("workqueue_depth"), _cluster.Writes.Count).ShouldBe((0, writes));

        replica.Lead();
        await replica.SettleAsync();
        _cluster.List<V1NetworkPolicy>().Count(policy => policy.Metadata.Name!.EndsWith("-ingress", StringComparison.Ordinal)).ShouldBe(5);
    }

    // Declares one client that calls this many servers.
    private void Declare(int servers)
    {
        for (var number = 0; number < servers; number++)
        {
            _cluster.User.Put(Deployment($"server-{number}"));
        }

        _cluster.User.Put(new ClientIntents
        {
            Metadata = new V1ObjectMeta { Name = "checkout", NamespaceProperty = Shop },
            Spec = new ClientIntentsSpec
            {
                Workload = new WorkloadRef { Name = "checkout" },
                Targets = [.. Enumerable.Range(0, servers).Select(number => Target($"server-{number}"))],
            },
        });
    }

    private static IntentTarget Target(string name) => new() { Kubernetes = new KubernetesTarget { Name = name } };

    private static V1Namespace Namespace(string name) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Finalizers = ["kubernetes"],
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubernetes.io/metadata.name"] = name },
        },
    };

    private static PartialDeployment Deployment(string name)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = name };
        return new PartialDeployment
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Shop },
            Spec = new PartialWorkloadSpec
            {
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new PartialPodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels } },
            },
        };
    }
}
