using System.Text.RegularExpressions;
using Wayleave.Api;
using Wayleave.EndToEnd.Tests.Enforcement;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Operators;

/// <summary>Compares the metrics that the operator exposes with docs/metrics.md.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed partial class MetricsTests(SharedCluster shared) : EnforcementTest(shared), IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Cluster.DeleteAllAsync<EnforcementPolicy>();

    [Fact]
    public async Task Exposes_exactly_the_documented_metrics_with_their_types()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}]"));
        await Cluster.UntilIntentsAsync(shop, "checkout", "True", Reasons.Enforced);
        var page = await File.ReadAllTextAsync(Checkout.PathOf("docs/metrics.md"));
        using var client = new HttpClient();
        var scraped = await client.GetStringAsync(new Uri(Operator.Metrics!, "metrics"));

        Documented().Matches(page).Select(match => match.Groups["metric"].Value.Replace("` | ", " ", StringComparison.Ordinal))
            .ShouldBe(Exposed().Matches(scraped).Select(match => match.Groups["metric"].Value.Replace("` | ", " ", StringComparison.Ordinal)), ignoreOrder: true);
    }

    [Fact]
    public async Task Promtool_accepts_the_metrics()
    {
        var promtool = (await ChildProcess.RunAsync(Checkout.PathOf("tests/monitoring/promtool"), [])).EnsureSuccess().Output.Trim();
        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri(Operator.Metrics!, "metrics"));

        // promtool allows the suffix _count for histograms only, and OpenTelemetry's conventions give this gauge its name.
        page = string.Join('\n', page.Split('\n').Where(line => !line.Contains("dotnet_thread_pool_thread_count", StringComparison.Ordinal)));

        var check = await ChildProcess.RunAsync(promtool, ["check", "metrics"], page);

        (check.ExitCode, check.Output, check.Error).ShouldBe((0, "", ""));
    }

    [Fact]
    public async Task Counts_shadowed_policies_namespaces_and_targets_until_they_are_deleted()
    {
        var shop = await NewNamespaceWithAsync("cart", "checkout");
        await ApplyAsync(Yaml.Enforcement("metrics", $"{{mode: Shadow, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {shop}}}}}}}"));
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart}}, {sql: {name: db}}]"));
        await Cluster.UntilIntentsAsync(shop, "checkout", "True", Reasons.PartiallyEnforced);

        var metrics = await Operator.ReadMetricsAsync();
        metrics.Sum("wayleave_shadowed_network_policies").ShouldBe(1);
        metrics.Sum("wayleave_namespaces", "mode=\"Shadow\"").ShouldBe(1);
        metrics.Sum("wayleave_targets", "state=\"Shadow\"").ShouldBe(1);

        await Cluster.DeleteAsync(Yaml.Intents(shop, "checkout", "[]"));
        await Cluster.DeleteAsync(Yaml.Enforcement("metrics", "{}"));
        await Poll.UntilAsync(
            "nothing to be in shadow",
            Operator.ReadMetricsAsync,
            seen => seen.Sum("wayleave_shadowed_network_policies") + seen.Sum("wayleave_namespaces", "mode=\"Shadow\"") + seen.Sum("wayleave_targets", "state=\"Shadow\"") == 0,
            Poll.Patience,
            CancellationToken.None);
    }

    [GeneratedRegex("^\\| `(?<metric>[a-z_]+` \\| (counter|gauge|histogram)) \\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Documented();

    [GeneratedRegex("^# TYPE (?<metric>[a-z_]+ (counter|gauge|histogram))$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exposed();
}
