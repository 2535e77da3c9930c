using System.Text.RegularExpressions;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>Alerts and dashboard of the chart.</summary>
[Collection(nameof(ChartCollection))]
public sealed partial class MonitoringTests(ChartCluster cluster)
{
    private const string Rules = "monitoring.prometheusRule.enabled=true";
    private const string Dashboard = "monitoring.dashboard.enabled=true";

    private static string AlertsFile => Checkout.PathOf("charts/wayleave/files/alerts.yaml");

    private static string DashboardFile => Checkout.PathOf("charts/wayleave/files/dashboard.json");

    [Fact]
    public async Task Promtool_accepts_the_rules_and_their_tests_pass()
    {
        var promtool = (await ChildProcess.RunAsync(Checkout.PathOf("tests/monitoring/promtool"), [])).EnsureSuccess().Output.Trim();

        (await ChildProcess.RunAsync(promtool, ["check", "rules", AlertsFile])).EnsureSuccess().Output.ShouldContain("5 rules found");
        (await ChildProcess.RunAsync(promtool, ["test", "rules", Checkout.PathOf("tests/monitoring/alerts.test.yaml")])).EnsureSuccess().Output.ShouldContain("SUCCESS");
    }

    [Fact]
    public async Task Alerts_and_dashboard_use_only_documented_metrics()
    {
        // MetricsTests compares the page with the metrics of a running operator.
        var known = Documented().Matches(await File.ReadAllTextAsync(Checkout.PathOf("docs/metrics.md"))).Select(match => match.Groups["metric"].Value).ToHashSet(StringComparer.Ordinal);
        var used = Used(await File.ReadAllTextAsync(AlertsFile)).Concat(Used(await File.ReadAllTextAsync(DashboardFile))).Distinct(StringComparer.Ordinal).ToList();

        used.Count.ShouldBeGreaterThan(15);
        used.ShouldBeSubsetOf(known);
        Used("expr: rate(wayleave_invented_total[5m])").ShouldBe(["wayleave_invented_total"]);
    }

    [Fact]
    public async Task Every_alert_has_a_test_and_is_documented()
    {
        var alerts = Alert().Matches(await File.ReadAllTextAsync(AlertsFile)).Select(match => match.Groups["name"].Value).ToList();
        var tests = await File.ReadAllTextAsync(Checkout.PathOf("tests/monitoring/alerts.test.yaml"));
        var page = await File.ReadAllTextAsync(Checkout.PathOf("docs/metrics.md"));

        alerts.Count.ShouldBe(5);
        alerts.ShouldAllBe(alert => tests.Contains($"alertname: {alert}\n        exp_alerts", StringComparison.Ordinal));
        alerts.ShouldAllBe(alert => page.Contains($"`{alert}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renders_monitoring_only_on_request_and_without_telemetry_when_it_is_off()
    {
        (await cluster.RenderAsync()).Names.ShouldNotContain(name => name.StartsWith("PrometheusRule") || name.EndsWith("-dashboard"));

        var on = (await cluster.RenderAsync(Rules, Dashboard)).Text;
        on.ShouldContain("WayleaveTelemetryNotDelivered");
        on.ShouldContain("wayleave_telemetry_pending");
        var off = (await cluster.RenderAsync(Rules, Dashboard, "global.telemetry.enabled=false")).Text;
        off.ShouldContain("WayleaveReconcileErrors");
        off.ShouldContain("wayleave_network_policies");
        off.ShouldNotContain("wayleave_telemetry");
        off.ShouldNotContain("WayleaveTelemetry");
    }

    private static IEnumerable<string> Used(string text) =>
        Expression().Matches(text).SelectMany(match => Name().Matches(match.Groups["expression"].Value)).Select(match => match.Value);

    [GeneratedRegex(@"""?expr""?: ""?(?<expression>[^\n]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\b(wayleave|workqueue|rest_client|process)_\w+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\| `(?<metric>\w+)`", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Documented();
}
