using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Chart;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>A hub with an operator, and members with nothing of ours in them but the role that the chart has for them.</summary>
public sealed class Fleet : IAsyncDisposable
{
    public const string Shop = "shop";
    public const string Home = "wayleave-system";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);
    private readonly List<TestCluster> _members = [];

    private Fleet(TestCluster hub, OtlpCollector collector) => (Hub, Collector) = (hub, collector);

    public TestCluster Hub { get; }

    public OtlpCollector Collector { get; }

    public OperatorProcess? Operator { get; private set; }

    public static async Task<Fleet> StartAsync()
    {
        var fleet = new Fleet(await TestCluster.StartAsync(new ControlPlaneOptions { ExternalKubeconfig = null }), await OtlpCollector.StartAsync());
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

    /// <summary>A control plane with the workloads cart and checkout, and the role.</summary>
    public async Task<TestCluster> StartMemberAsync()
    {
        var member = await TestCluster.StartBareAsync();
        _members.Add(member);
        await PopulateAsync(member);
        var role = Path.Combine(Checkout.Chart, "files", "member-role.yaml");
        (await member.ControlPlane.KubectlAsync(["apply", "-f", role])).EnsureSuccess();
        return member;
    }

    /// <summary>A kubeconfig with just that role, made as a user makes it.</summary>
    public static async Task<string> KubeconfigAsync(TestCluster member, Uri? server = null)
    {
        var plane = member.ControlPlane;
        var context = (await plane.KubectlAsync(["config", "current-context"])).EnsureSuccess().Output.Trim();
        var made = (await plane.ScriptAsync(Path.Combine(Checkout.Chart, "files", "member-kubeconfig.sh"), [context, "1h"])).EnsureSuccess().Output;
        return server is null ? made : made.Replace(plane.Server.GetLeftPart(UriPartial.Authority), server.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
    }

    /// <summary>Registers a member, and waits until it is worked in.</summary>
    public async Task RegisterAsync(string name, TestCluster member, string labels = "{}", string more = "")
    {
        await Hub.ApplyAsync(Yaml.Secret(Home, name, "kubeconfig", await KubeconfigAsync(member)));
        await Hub.ApplyAsync(Yaml.MemberCluster(Home, name, labels, more));
        await UntilAsync(name, Reasons.Connected);
    }

    /// <summary>Returns when the Cluster says so.</summary>
    public Task<Cluster> UntilAsync(string name, string reason) => Hub.WaitForAsync<Cluster>(
        $"the Cluster {name} to be {reason}",
        null,
        name,
        cluster => cluster.Status?.ObservedGeneration == cluster.Metadata.Generation && ReadyOf(cluster)?.Reason == reason);

    public static V1Condition? ReadyOf(Cluster? cluster) =>
        cluster?.Status?.Conditions?.Find(condition => condition.Type == ConditionTypes.Ready);

    /// <summary>Declares that checkout calls cart, in the clusters that are meant.</summary>
    public Task DeclareAsync(string clusters, string target = "{kubernetes: {name: cart}}") =>
        Hub.ApplyAsync(Yaml.In(clusters, Yaml.Intents(Shop, "checkout", $"[{target}]")));

    /// <summary>Returns when the intents of checkout say so.</summary>
    public async Task<ClientIntents> UntilIntentsAsync(string reason) => await Hub.WaitForAsync<ClientIntents>(
        $"the intents to be {reason}",
        Shop,
        "checkout",
        intents => intents.Status?.ObservedGeneration == intents.Metadata.Generation
            && intents.Status?.Conditions?.Exists(condition => condition.Type == ConditionTypes.Ready && condition.Reason == reason) == true);

    /// <summary>Returns when a collector has it so often.</summary>
    public Task<IReadOnlyList<long>> UntilCountedAsync(params IReadOnlyList<(string Type, long Count)> wanted) => Poll.UntilAsync<IReadOnlyList<long>>(
        $"the counts {string.Join(", ", wanted)}",
        _ => Task.FromResult<IReadOnlyList<long>>([.. wanted.Select(one => Count(one.Type))]),
        counts => counts.SequenceEqual(wanted.Select(one => one.Count)),
        _patience,
        default);

    public long Count(string type) =>
        Collector.Records.DistinctBy(record => record.EventId).Where(record => record.EventType == type).Sum(record => record.Count);

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
