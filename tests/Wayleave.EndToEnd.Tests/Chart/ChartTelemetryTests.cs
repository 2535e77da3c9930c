namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>The settings of telemetry in the rendered chart and in the notes.</summary>
[Collection(nameof(ChartCollection))]
public sealed class ChartTelemetryTests(ChartCluster cluster)
{
    private const string Off = "global.telemetry.enabled=false";

    private const string NoUsage = "global.telemetry.usage.enabled=false";

    private const string NoErrors = "global.telemetry.errors.enabled=false";

    private const string Endpoint = "global.telemetry.endpoint=https://collector.example.com:4318";

    private static readonly string[] OwnRules = ["/configmaps [wayleave-telemetry]: get, patch", "/configmaps: create"];

    [Fact]
    public async Task Telemetry_is_on_by_default_without_an_endpoint()
    {
        var render = await cluster.RenderAsync();

        render.TelemetryArguments.ShouldBe(
        [
            "--telemetry-enabled=true", "--telemetry-usage-enabled=true", "--telemetry-errors-enabled=true",
            "--telemetry-endpoint", "", "--telemetry-active-interval=24h", "--telemetry-flush-interval=60s",
        ]);
        render.OwnRules.ShouldBe(OwnRules);
    }

    [Theory]
    [InlineData(Off)]
    [InlineData(Off, Endpoint, "global.telemetry.apiKeySecretRef.name=key", "global.telemetry.debug=true")]
    [InlineData(NoUsage, NoErrors, Endpoint, "global.telemetry.apiKeySecretRef.name=key")]
    public async Task Renders_only_the_switch_when_telemetry_is_off(params string[] values)
    {
        var render = await cluster.RenderAsync(values);

        LinesAbout(render.Text, "telemetry", "otel", "otlp", "usage", "collector").ShouldBe(["- --telemetry-enabled=false"]);
        render.TelemetryArguments.ShouldBe(["--telemetry-enabled=false"]);
        render.Variables.ShouldBe(["POD_NAME"]);
        render.OwnRules.ShouldBeEmpty();
        render.ClusterRules.Where(rule => rule.Contains("kube-system") || rule.Contains("nodes")).ShouldBe(["/nodes: list, watch"]);
    }

    [Fact]
    public async Task Grants_no_access_to_nodes_without_telemetry_and_external_traffic()
    {
        var render = await cluster.RenderAsync(Off, "operator.external=Never");

        render.ClusterRules.ShouldNotContain(rule => rule.Contains("nodes"));
    }

    [Fact]
    public async Task Turning_telemetry_off_removes_nothing_else()
    {
        var on = await cluster.RenderAsync();
        var off = await cluster.RenderAsync(Off);

        off.ClusterRules.ShouldBe(on.ClusterRules.Except(["/namespaces [kube-system]: get", "/nodes: list"], StringComparer.Ordinal));
        off.Arguments.SkipLast(1).ShouldBe(on.Arguments.Take(off.Arguments.Count - 1));
        off.Deployment["strategy"].ShouldBe(on.Deployment["strategy"]);
    }

    [Fact]
    public async Task Keeps_errors_and_their_permissions_when_usage_is_off()
    {
        var render = await cluster.RenderAsync(NoUsage);

        render.TelemetryArguments.ShouldBe(
        [
            "--telemetry-enabled=true", "--telemetry-usage-enabled=false", "--telemetry-errors-enabled=true",
            "--telemetry-endpoint", "", "--telemetry-flush-interval=60s",
        ]);
        LinesAbout(render.Text, "usage").ShouldBe(["- --telemetry-usage-enabled=false"]);
        render.ClusterRules.ShouldContain("/namespaces [kube-system]: get");
        render.ClusterRules.ShouldNotContain("/nodes: list");
        render.OwnRules.ShouldBe(OwnRules);
    }

    [Fact]
    public async Task Keeps_usage_and_its_permissions_when_errors_are_off()
    {
        var on = await cluster.RenderAsync();
        var render = await cluster.RenderAsync(NoErrors);

        LinesAbout(render.Text, "errors").ShouldBe(["- --telemetry-errors-enabled=false"]);
        render.TelemetryArguments.Except(on.TelemetryArguments, StringComparer.Ordinal).ShouldBe(["--telemetry-errors-enabled=false"]);
        render.ClusterRules.ShouldBe(on.ClusterRules);
        render.OwnRules.ShouldBe(OwnRules);
    }

    [Fact]
    public async Task Mounts_the_API_key_from_an_optional_Secret()
    {
        var render = await cluster.RenderAsync(Endpoint, "global.telemetry.apiKeySecretRef.name=collector");

        render.Variables.ShouldBe(["POD_NAME"]);
        render.TelemetryArguments.ShouldContain("--telemetry-api-key-file=/etc/wayleave/telemetry/key/api-key");
        render.Container["volumeMounts"][0]["mountPath"].ToString().ShouldBe("/etc/wayleave/telemetry/key");
        var secret = render.Deployment["template"]["spec"]["volumes"][0]["secret"];
        (secret["secretName"].ToString(), secret["optional"].ToString()).ShouldBe(("collector", "true"));
        (secret["items"][0]["key"].ToString(), secret["items"][0]["path"].ToString()).ShouldBe(("api-key", "api-key"));
    }

    [Fact]
    public async Task Reads_headers_from_an_optional_Secret()
    {
        var render = await cluster.RenderAsync(Endpoint, "global.telemetry.headersSecretRef.name=collector");

        render.Variables.ShouldBe(["POD_NAME", "OTEL_EXPORTER_OTLP_HEADERS"]);
        var secret = render.Container["env"][1]["valueFrom"]["secretKeyRef"];
        (secret["name"].ToString(), secret["key"].ToString(), secret["optional"].ToString()).ShouldBe(("collector", "headers", "true"));
    }

    [Theory]
    [InlineData("http://collector.monitoring:4318", "apiKeySecretRef")]
    [InlineData("http://collector.monitoring:4318", "headersSecretRef")]
    [InlineData("http://127.0.0.1.example.com", "apiKeySecretRef")]
    [InlineData("http://localhost.example.com", "apiKeySecretRef")]
    public async Task Rejects_a_key_or_headers_over_plain_HTTP_unless_insecure_is_set(string endpoint, string secret)
    {
        string[] values = [$"global.telemetry.endpoint={endpoint}", $"global.telemetry.{secret}.name=collector"];

        var refused = await cluster.TryTemplateAsync([.. ChartCluster.Sets(values)]);
        var allowed = await cluster.RenderAsync([.. values, "global.telemetry.insecure=true"]);

        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("use https://, or set global.telemetry.insecure=true");
        allowed.TelemetryArguments.ShouldContain("--telemetry-insecure=true");
    }

    [Theory]
    [InlineData("http://localhost:4318")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://[::1]:4318")]
    public async Task Allows_a_key_over_plain_HTTP_to_a_collector_on_loopback(string endpoint) =>
        (await cluster.RenderAsync($"global.telemetry.endpoint={endpoint}", "global.telemetry.apiKeySecretRef.name=collector"))
            .TelemetryArguments.ShouldNotContain("--telemetry-insecure=true");

    [Theory]
    [InlineData("configMapRef", "configMap", "name")]
    [InlineData("secretRef", "secret", "secretName")]
    public async Task Mounts_CA_certificates_from_a_ConfigMap_or_a_Secret(string value, string volume, string name)
    {
        var render = await cluster.RenderAsync(Endpoint, $"global.telemetry.ca.{value}.name=roots");

        render.TelemetryArguments.ShouldContain("--telemetry-ca-file=/etc/wayleave/telemetry/ca/ca.crt");
        var source = render.Deployment["template"]["spec"]["volumes"][0][volume];
        (source[name].ToString(), source["optional"].ToString(), source["items"][0]["path"].ToString()).ShouldBe(("roots", "true", "ca.crt"));
    }

    [Fact]
    public async Task Rejects_CA_certificates_from_two_sources()
    {
        var refused = await Should.ThrowAsync<Exception>(() =>
            cluster.RenderAsync(Endpoint, "global.telemetry.ca.configMapRef.name=a", "global.telemetry.ca.secretRef.name=b"));

        refused.Message.ShouldContain("telemetry");
    }

    [Fact]
    public async Task Uses_no_key_headers_or_CA_certificates_without_an_endpoint()
    {
        var render = await cluster.RenderAsync(
            "global.telemetry.apiKeySecretRef.name=collector",
            "global.telemetry.headersSecretRef.name=collector",
            "global.telemetry.ca.secretRef.name=roots");

        render.Text.ShouldNotContain("/etc/wayleave");
        render.Variables.ShouldBe(["POD_NAME"]);
        render.Text.ShouldNotContain("volumes:");
    }

    [Fact]
    public async Task The_notes_say_what_is_sent_where_how_to_see_it_and_how_to_turn_it_off()
    {
        var notes = await cluster.NotesAsync(Endpoint);

        notes.ShouldContain("Deployment wayleave-operator in the namespace wayleave-system");
        notes.ShouldContain("Telemetry is on");
        notes.ShouldContain("Usage:  what was applied and deleted");
        notes.ShouldContain("Errors: how many of each type");
        notes.ShouldContain("to https://collector.example.com:4318, every 60s at most");
        notes.ShouldContain("kubectl --namespace wayleave-system get cm wayleave-telemetry -o yaml");
        notes.ShouldContain("--set global.telemetry.enabled=false");
        notes.ShouldContain("kubectl --namespace wayleave-system rollout status deployment wayleave-operator");
    }

    [Fact]
    public async Task The_notes_say_that_nothing_is_sent_without_an_endpoint() =>
        (await cluster.NotesAsync()).ShouldContain("nowhere, as global.telemetry.endpoint is empty");

    [Theory]
    [InlineData(Off)]
    [InlineData(NoUsage, NoErrors)]
    public async Task The_notes_say_only_that_telemetry_is_off(params string[] values)
    {
        var notes = await cluster.NotesAsync([.. values, Endpoint]);

        LinesAbout(notes, "telemetry", "collector", "sent").ShouldBe(["Telemetry is off: nothing is counted, kept or sent."]);
    }

    [Theory]
    [InlineData(NoUsage, "Usage:  off.", "applied and deleted")]
    [InlineData(NoErrors, "Errors: off.", "of each type")]
    public async Task The_notes_name_the_part_that_is_off(string value, string said, string unsaid)
    {
        var notes = await cluster.NotesAsync(value);

        notes.ShouldContain(said);
        notes.ShouldNotContain(unsaid);
    }

    private static IEnumerable<string> LinesAbout(string text, params IReadOnlyList<string> words) =>
        from line in text.Split('\n')
        where words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase))
        select line.Trim();
}
