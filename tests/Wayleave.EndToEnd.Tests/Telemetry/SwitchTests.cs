using System.Net;
using System.Net.Sockets;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>Turns telemetry off in every way. The operator has the collector's address, so that a connection would be seen.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class SwitchTests(TelemetryCluster cluster)
{
    [Theory]
    [InlineData("", "--telemetry-enabled=false")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED=false", "")]
    [InlineData("DO_NOT_TRACK=1", "--telemetry-enabled=true")]
    [InlineData("OTEL_SDK_DISABLED=True", "--telemetry-enabled=true")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED=maybe", "")]
    [InlineData("WAYLEAVE_TELEMETRY_USAGE_ENABLED=false", "--telemetry-errors-enabled=false")]
    public async Task Leaves_no_trace_on_the_network_in_the_cluster_or_in_metrics_when_off(string variable, string flag)
    {
        await using var stage = await cluster.SetAsync();
        var mark = cluster.Audit.Mark();
        var running = await stage.StartAsync(Variables(variable), Flags(flag));
        await stage.ApplyOneAsync("cart");
        await running.WaitUntilIdleAsync(2);
        var metrics = await running.ReadMetricsAsync();
        await running.StopAsync();

        stage.Collector.Connections.ShouldBe(0);
        (await stage.ReadLedgerAsync()).ShouldBeNull();
        metrics.Keys.ShouldNotContain(name => name.Contains("telemetry", StringComparison.OrdinalIgnoreCase));
        var asked = cluster.Audit.Read(mark).Where(request => request.UserAgent.StartsWith("wayleave-operator/", StringComparison.Ordinal)).ToList();
        asked.ShouldContain(request => request.Resource == "networkpolicies");
        asked.ShouldNotContain(request => request.Resource == "configmaps");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_API_KEY=s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS=authorization:Bearer%20s3cret")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20s3cret")]
    public async Task Turns_off_for_a_key_that_is_unreadable_or_would_be_sent_unencrypted_and_never_logs_it(string variable)
    {
        await using var stage = await cluster.SetAsync();
        await using var anywhere = await OtlpCollector.StartAsync(address: IPAddress.Any);
        var elsewhere = $"http://{await AddressAsync()}:{anywhere.Endpoint.Port}";
        var running = await stage.StartAsync(Variables(variable), $"--telemetry-endpoint={elsewhere}");
        await stage.ApplyOneAsync("cart");
        await running.WaitUntilIdleAsync(2);
        await running.StopAsync();

        anywhere.Connections.ShouldBe(0);
        (await stage.ReadLedgerAsync()).ShouldBeNull();
        running.Lines().Count(line => line.Level == "Error").ShouldBe(1);
        running.Log.ShouldNotContain(line => line.Contains("s3cret"));
    }

    [Fact]
    public async Task Keeps_counts_in_the_cluster_without_an_endpoint()
    {
        await using var stage = await cluster.SetAsync();
        var elsewhere = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = $"{stage.Collector.Endpoint}v1/logs",
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = stage.Collector.Endpoint.OriginalString,
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = stage.Collector.Endpoint.OriginalString,
            ["HTTP_PROXY"] = stage.Collector.Endpoint.OriginalString,
            ["HTTPS_PROXY"] = stage.Collector.Endpoint.OriginalString,
        };
        var running = await stage.StartAsync(elsewhere, "--telemetry-endpoint", "", "--telemetry-active-interval=1s");
        await stage.ApplyOneAsync("cart");
        await running.StopAsync();

        stage.Collector.Connections.ShouldBe(0);
        var pending = (await stage.ReadLedgerAsync()).ShouldNotBeNull()["pending"];
        pending.ShouldContain("\"STARTED\"");
        pending.ShouldContain("\"INTENTS_APPLIED\"");
    }

    [Fact]
    public async Task Sends_only_errors_when_usage_is_off()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync("--telemetry-usage-enabled=false", "--telemetry-active-interval=1s");
        await FailOnceAndApplyAsync(stage);
        await stage.Collector.WaitForAsync(_ => stage.Count("ERRORS") > 0, Poll.Patience, "ERRORS");
        await running.StopAsync();

        stage.Records.ShouldAllBe(record => record.EventType == "ERRORS");
    }

    [Fact]
    public async Task Sends_usage_but_no_errors_when_errors_are_off()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync(Variables("WAYLEAVE_TELEMETRY_ERRORS_ENABLED=false"));
        await FailOnceAndApplyAsync(stage);
        await stage.WaitForAsync("INTENTS_APPLIED", 1);
        (await running.ReadMetricsAsync()).Sum("wayleave_reconciles_total", "result=\"error\"").ShouldBeGreaterThan(0);
        await running.StopAsync();

        stage.Records.ShouldNotContain(record => record.EventType == "ERRORS");
    }

    private async Task FailOnceAndApplyAsync(TelemetryStage stage)
    {
        await using var gate = await AdmissionGate.SetAsync(cluster.Cluster, stage.Scene.Namespace);
        gate.Deny();
        var applying = stage.ApplyOneAsync("cart");
        await Poll.UntilAsync("a refused write", _ => Task.FromResult(gate.Asked > 1), Poll.Patience, default);
        gate.Open();
        await applying;
    }

    private static string[] Flags(string flag) => flag.Length == 0 ? [] : [flag];

    private static Dictionary<string, string> Variables(string variable) => variable.Length == 0
        ? []
        : new Dictionary<string, string>(StringComparer.Ordinal) { [variable.Split('=', 2)[0]] = variable.Split('=', 2)[1] };

    // An address of this machine other than loopback, or an unreachable one where it has none.
    private static async Task<IPAddress> AddressAsync()
    {
        var own = await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork);
        return own.FirstOrDefault(address => !IPAddress.IsLoopback(address)) ?? IPAddress.Parse("192.0.2.1");
    }
}
