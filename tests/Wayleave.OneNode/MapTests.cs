using System.Globalization;
using Wayleave.Api;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.OneNode;

/// <summary>The network mapper and its sensor on a node with Pods whose calls are known.</summary>
[Collection(OneNodeCollection.Name)]
public sealed class MapTests(OneNodeCluster node)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private readonly TestCluster _cluster = node.Cluster;

    [Fact]
    public async Task The_map_of_a_shop_is_true_and_its_export_declares_every_call()
    {
        await using var installed = new Installation(node);
        await installed.InstallAsync(
            Checkout.Chart, "--set=mapper.enabled=true", "--set=sensor.enabled=true", "--set=sensor.reportInterval=1s", "--timeout=180s");
        await _cluster.ApplyAsync(ShopManifest.Yaml);
        try
        {
            await node.Figures.TimeAsync("the shop's Pods created to its map complete", () => Poll.UntilAsync(
                "the map of the shop", async token => (await DescribeAsync(token)).SequenceEqual(ShopManifest.Calls), Deadline, default));
        }
        catch (Exception error) when (error is TimeoutException)
        {
            (await DescribeAsync(default)).ShouldBe(ShopManifest.Calls, await ExplainAsync(installed));
            throw;
        }

        node.Figures.AddMemory("resident, mapper", Installation.ResidentMemory("wayleave-mapper"));
        node.Figures.AddMemory("resident, sensor", Installation.ResidentMemory("wayleave-sensor"));
        await DeclareAsync();
        await installed.KubectlAsync("delete", "namespace", ShopManifest.Namespace, "stores", "--wait=false");
    }

    // What the test depends on, and why the mapper left calls out.
    private static async Task<string> ExplainAsync(Installation installed)
    {
        var pod = (await installed.KubectlAsync(
            "get", "pods", $"--namespace={Installation.Namespace}", "--selector=app.kubernetes.io/component=mapper", "--output=jsonpath={.items[0].metadata.name}")).Trim();
        var metrics = await installed.KubectlAsync("get", "--raw", $"/api/v1/namespaces/{Installation.Namespace}/pods/{pod}:8080/proxy/metrics");
        var unresolved = metrics.Split('\n').Where(line => line.StartsWith("wayleave_", StringComparison.Ordinal) && !line.Contains("_bucket", StringComparison.Ordinal));
        return $"""
            {await installed.KubectlAsync("get", "pods,endpoints", "--all-namespaces", "--output=wide")}
            {await installed.KubectlAsync("logs", "--namespace", ShopManifest.Namespace, "deployment/checkout", "--tail=20")}
            {string.Join('\n', unresolved)}
            """;
    }

    // What was exported is applied, is in force, and leaves nothing that was seen undeclared.
    private async Task DeclareAsync()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("map-").FullName, "intents.yaml");
        (await CommandAsync("map", "export", "--namespace", ShopManifest.Namespace, "--file", file)).EnsureSuccess();
        (await _cluster.ControlPlane.KubectlAsync(["apply", "--filename", file])).EnsureSuccess();
        foreach (var client in new[] { "checkout", "report" })
        {
            await _cluster.WaitUntilAppliedAsync(ShopManifest.Namespace, client);
        }

        (await CommandAsync("map", "diff", "--namespace", ShopManifest.Namespace)).ExitCode.ShouldBe(0);
    }

    private Task<ProcessResult> CommandAsync(params IReadOnlyList<string> arguments) => ChildProcess.RunAsync(
        Path.Combine(AppContext.BaseDirectory, "wayleave"), arguments,
        environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["KUBECONFIG"] = _cluster.ControlPlane.KubeconfigPath });

    private async Task<IReadOnlyList<string>> DescribeAsync(CancellationToken cancellationToken)
    {
        var observed = await _cluster.Client.ListAsync<ObservedIntents>(new() { Namespace = ShopManifest.Namespace }, cancellationToken);
        return
        [
            .. observed.Items.SelectMany(one => one.Calls.Select(call => Describe(one.Workload, call))).Order(StringComparer.Ordinal),
        ];
    }

    private static string Describe(ObservedWorkload client, ObservedCall call)
    {
        var (target, ports) = call.Target switch
        {
            { Kubernetes: { } workload } => ($"kubernetes {workload.Kind}/{workload.Name}", workload.Ports),
            { Service: { } service } => ($"service {service.Name}", service.Ports),
            { Internet: { } internet } => ($"internet {string.Join(',', [.. internet.Domains ?? [], .. internet.Ips ?? []])}", internet.Ports),
            _ => ("?", null),
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{client.Kind}/{client.Name} -> {target} [{string.Join(", ", ports ?? [])}] by {call.Service}: {call.Outcome}");
    }
}
