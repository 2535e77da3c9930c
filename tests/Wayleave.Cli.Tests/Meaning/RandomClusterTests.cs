using System.Globalization;
using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Tests.Support;
using Wayleave.Enforcement.Connectivity;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Tests.Meaning.Generating;
using Wayleave.Operator.Tests.Meaning.Steps;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;
using Wayleave.Testing.Semantics;
using Xunit.Abstractions;

namespace Wayleave.Cli.Tests.Meaning;

/// <summary>
/// On random clusters, the policies that the commands compute allow what the declarations allow, by an oracle that uses no policies; and
/// the evaluator of <c>can</c> and the reports of <c>explain</c> agree with an evaluator that was written from the Kubernetes documentation. <c>WAYLEAVE_MEANING_SEED</c> is the
/// first seed, <c>WAYLEAVE_CLI_CLUSTERS</c> the number of clusters.
/// </summary>
public sealed class RandomClusterTests(ITestOutputHelper output)
{
    private const int DefaultClusters = 200;

    private static readonly Door[] _doors = [Door.Tcp(8080), Door.Tcp(9090), Door.Tcp(53), Door.Tcp(9005), Door.Udp(53), Door.Udp(9005), Door.Sctp(9090)];

    [Fact]
    public async Task Computed_policies_mean_what_is_declared_and_can_and_explain_agree_with_another_evaluator()
    {
        var tally = new Tally();
        var first = Setting("WAYLEAVE_MEANING_SEED", 1);
        var (compared, explained) = (0L, 0L);
        for (var seed = first; seed < first + Setting("WAYLEAVE_CLI_CLUSTERS", DefaultClusters); seed++)
        {
            var scenario = ScenarioMaker.Make(seed);
            var connection = Given(scenario);
            using var snapshot = await ClusterSnapshot.ReadAsync(connection.Client, OptionsOf(scenario.Defaults), ManifestOverlay.None, default);
            var forecast = new PolicyForecast(snapshot);
            await WriteAsync(forecast, connection.Cluster);
            var view = new ClusterView(connection.Cluster, scenario.Defaults);
            tally.Clusters++;
            var declared = new Oracle().Look(view, new StepNature(IsPlain: false, IsRestart: true));
            if (new Comparison(declared, tally).Differences() is { } difference)
            {
                Assert.Fail($"WAYLEAVE_MEANING_SEED={seed}\n{difference}\n{scenario}");
            }

            var policies = connection.Cluster.List<V1NetworkPolicy>();
            compared += CompareEvaluators(connection.Cluster, view, policies, seed);
            IReadOnlyList<V1NetworkPolicy> all = [.. policies, .. RandomPolicies.Create(view, seed)];
            compared += CompareEvaluators(connection.Cluster, view, all, seed);
            explained += await CompareExplanationsAsync(scenario, forecast, all, seed);
        }

        output.WriteLine($"{tally}; {compared:N0} connections by both evaluators; {explained:N0} rules of explain");
    }

    private static FakeConnection Given(Scenario scenario)
    {
        var connection = new FakeConnection(scenario.Defaults.Minor);
        foreach (var given in scenario.Given.OfType<EditStep>())
        {
            given.Edit.Make(connection.Cluster.User);
        }

        return connection;
    }

    private static async Task<int> CompareExplanationsAsync(
        Scenario scenario, PolicyForecast forecast, IReadOnlyList<V1NetworkPolicy> policies, int seed)
    {
        var comparison = new ExplainComparison(forecast, policies);
        var dice = new Dice(seed);
        var difference = comparison.FindDifference() ?? await comparison.FindFalseOriginAsync(
            names =>
            {
                var without = Given(scenario);
                foreach (var name in names)
                {
                    without.Cluster.User.Delete<ClientIntents>(name.Namespace, name.Name);
                }

                return ClusterSnapshot.ReadAsync(without.Client, OptionsOf(scenario.Defaults), ManifestOverlay.None, default);
            },
            count => dice.Number(0, count - 1));
        if (difference is not null)
        {
            Assert.Fail($"WAYLEAVE_MEANING_SEED={seed}\n{difference}\n{scenario}");
        }

        return comparison.Rules;
    }

    // Creates what the commands would show.
    private static async Task WriteAsync(PolicyForecast forecast, FakeCluster cluster)
    {
        foreach (var change in forecast.Changes())
        {
            if (change.Action == PolicyAction.Create)
            {
                await cluster.CreateAsync(forecast.Snapshot.Cache.Owner.WithMark(change.Desired!), default);
            }
            else
            {
                // Nothing was there before but policies of other owners.
                change.Action.ShouldBe(PolicyAction.Refuse);
            }
        }
    }

    private static long CompareEvaluators(FakeCluster cluster, ClusterView view, IReadOnlyList<V1NetworkPolicy> policies, int seed)
    {
        var namespaces = cluster.List<V1Namespace>().ToDictionary(one => one.Metadata.Name!, one => (IDictionary<string, string>?)one.Metadata.Labels);
        var product = new ReachabilityEvaluator(namespaces, policies);
        var oracle = new Reachability(view.Namespaces, policies);
        var compared = 0L;
        List<(ClusterPod Oracle, NetworkPod Product)> pods = [.. view.Pods.Select(pod => (pod, PodOf(pod)))];
        foreach (var ((client, caller), (server, called)) in pods.SelectMany(client => pods.Select(server => (client, server))))
        {
            var anyOpen = false;
            foreach (var door in _doors)
            {
                var allowed = oracle.MayReach(client, server, door);
                anyOpen |= allowed;
                compared++;
                if (product.Evaluate(caller, called, new PolicyPort(door.Protocol, door.Port)).IsAllowed != allowed)
                {
                    Assert.Fail($"WAYLEAVE_MEANING_SEED={seed}: {client} to {server} at {door} is {(allowed ? "open" : "closed")}");
                }
            }

            CheckAnyPort(product.Evaluate(caller, called, null), oracle, client, server, anyOpen, seed);
        }

        return compared;
    }

    private static void CheckAnyPort(
        ReachabilityResult result, Reachability oracle, ClusterPod client, ClusterPod server, bool anyOpen, int seed)
    {
        Door[] open = !result.IsAllowed ? [] : result.Port is { } port ? [new Door(port.Protocol, port.Port.Number)] : _doors;
        if ((anyOpen && !result.IsAllowed) || !open.All(door => oracle.MayReach(client, server, door)))
        {
            Assert.Fail($"WAYLEAVE_MEANING_SEED={seed}: {client} to {server} without a port");
        }
    }

    private static NetworkPod PodOf(ClusterPod pod) => new(pod.Namespace, pod.Name, pod.Labels.ToDictionary(StringComparer.Ordinal))
    {
        Ports = [.. pod.Ports.Select(port => new ContainerPort(port.Name, port.Number, port.Protocol))],
        Addresses = pod.Address is { } address ? [address] : Array.Empty<IPAddress>(),
        HostNetwork = pod.HostNetwork,
    };

    private static OperatorOptions OptionsOf(Defaults defaults) => new()
    {
        Namespace = defaults.OperatorNamespace,
        Instance = "test",
        Governance = new EnforcementDefaults(defaults.Mode, defaults.OperatorNamespace, defaults.Egress) { AllowsExternal = defaults.External },
        Network = NetworkSettings.None,
        Telemetry = TelemetrySettings.Default with { Enabled = false },
    };

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
