using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>A hub with an operator, and members that have nothing of Wayleave but the role from the chart.</summary>
public sealed class Fleet : IAsyncDisposable
{
    public const string Shop = ClusterPool.Shop;

    private readonly List<TestCluster> _members = [];

    private Fleet(TestCluster hub, OtlpCollector collector) => (Hub, Collector) = (hub, collector);

    public TestCluster Hub { get; }

    public OtlpCollector Collector { get; }

    public OperatorProcess? Operator { get; private set; }

    public static async Task<Fleet> StartAsync()
    {
        var fleet = new Fleet(await ClusterPool.TakeAsync(), await OtlpCollector.StartAsync());
        await PopulateAsync(fleet.Hub);
        await fleet.StartOperatorAsync();
        return fleet;
    }

    public async Task StartOperatorAsync()
    {
        Operator = await OperatorProcess.StartAsync(
            Hub.ControlPlane.KubeconfigPath,
            new OperatorSettings { Arguments = ["--telemetry-flush-interval=1s", "--telemetry-endpoint", Collector.Endpoint.OriginalString] });
        await Operator.WaitUntilReadyAsync();
    }

    /// <summary>Starts a member with an audit log, the workloads cart, orders, and checkout, and the role.</summary>
    public async Task<TestCluster> StartMemberAsync()
    {
        var member = await ClusterPool.TakeMemberAsync();
        _members.Add(member);
        await PopulateAsync(member);
        await MemberClusters.GrantAsync(member);
        return member;
    }

    /// <summary>Declares that checkout calls the target, in the selected clusters.</summary>
    public Task DeclareAsync(string clusters, string target = "{kubernetes: {name: cart}}") =>
        Hub.ApplyAsync(Yaml.In(clusters, Yaml.Intents(Shop, "checkout", $"[{target}]")));

    /// <summary>Waits until the intents of checkout have the reason.</summary>
    public async Task<ClientIntents> UntilIntentsAsync(string reason) => await Hub.WaitForAsync<ClientIntents>(
        $"the intents to be {reason}",
        Shop,
        "checkout",
        intents => intents.Status?.ObservedGeneration == intents.Metadata.Generation
            && intents.Status?.Conditions?.Exists(condition => condition.Type == ConditionTypes.Ready && condition.Reason == reason) == true);

    /// <summary>Waits until the collector has exactly these counts.</summary>
    public Task<IReadOnlyList<long>> UntilCountedAsync(params IReadOnlyList<(string Type, long Count)> wanted) => Poll.UntilAsync<IReadOnlyList<long>>(
        $"the counts {string.Join(", ", wanted)}",
        _ => Task.FromResult<IReadOnlyList<long>>([.. wanted.Select(one => Count(one.Type))]),
        counts => counts.SequenceEqual(wanted.Select(one => one.Count)),
        Poll.Patience,
        default);

    public long Count(string type) =>
        Collector.Records.DistinctBy(record => record.EventId).Where(record => record.EventType == type).Sum(record => record.Count);

    /// <summary>Starts the deletion of a Cluster.</summary>
    public async Task BeginDeleteAsync(string name) =>
        (await Hub.ControlPlane.KubectlAsync(["delete", "clusters.wayleave.dev", name, "--wait=false"])).EnsureSuccess();

    /// <summary>Deletes a Cluster, and returns when it is gone.</summary>
    public async Task DeleteAsync(string name)
    {
        await BeginDeleteAsync(name);
        await UntilGoneAsync(name);
    }

    public Task UntilGoneAsync(string name) => Poll.UntilAsync(
        $"the Cluster {name} to go", async token => await Hub.Client.GetAsync<Cluster>(name, null, token) is null, Poll.Patience, default);

    public async ValueTask DisposeAsync()
    {
        await (Operator?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Collector.DisposeAsync();
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        await Hub.DisposeAsync();
    }

    private static async Task PopulateAsync(TestCluster cluster)
    {
        await cluster.CreateNamespaceAsync(Shop);
        await cluster.ApplyAsync(Yaml.Workload(Shop, "cart"));
        await cluster.ApplyAsync(Yaml.Workload(Shop, "orders"));
        await cluster.ApplyAsync(Yaml.Workload(Shop, "checkout"));
    }
}
