using System.Text.RegularExpressions;
using System.Xml.Linq;
using Wayleave.Testing;
using YamlDotNet.RepresentationModel;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>What the chart renders, and what it refuses.</summary>
[Collection(nameof(ChartCollection))]
public sealed partial class ChartTests(ChartCluster cluster)
{
    [Theory]
    [InlineData]
    [InlineData("replicas=2")]
    [InlineData("global.telemetry.enabled=false")]
    public async Task The_linter_has_nothing_to_say(params string[] values)
    {
        var result = await cluster.Plane.HelmAsync(["lint", "--strict", Checkout.Chart, .. ChartCluster.Sets(values)]);

        result.ExitCode.ShouldBe(0, result.Output + result.Error);
        result.Output.ShouldNotContain("[WARNING]");
    }

    [Fact]
    public async Task The_defaults_are_one_replica_that_enforces()
    {
        var render = await cluster.RenderAsync();

        render.Names.ShouldBe(
        [
            "ServiceAccount/wayleave-operator", "ClusterRole/wayleave-operator", "ClusterRoleBinding/wayleave-operator",
            "Role/wayleave-operator", "RoleBinding/wayleave-operator", "Service/wayleave-operator", "Deployment/wayleave-operator",
            "Pod/wayleave-operator-test",
        ]);
        render.Deployment["replicas"].ToString().ShouldBe("1");
        render.Deployment["strategy"]["type"].ToString().ShouldBe("Recreate");
        render.Arguments.Except(render.TelemetryArguments, StringComparer.Ordinal).ShouldBe(
        [
            "--namespace=wayleave-system", "--mode=Enforce", "--egress=false", "--workers=8", "--log-level=Information",
            "--metrics-port=8080", "--probe-port=8081", "--clusters=true", "--leader-elect=false", "--deployment=wayleave-operator",
        ]);
        render.Variables.ShouldBe(["POD_NAME"]);
        render.Container["image"].ToString().ShouldBe("ghcr.io/wayleave/wayleave-operator:0.1.0");
    }

    [Fact]
    public async Task The_cluster_wide_permissions_are_the_documented_ones()
    {
        var render = await cluster.RenderAsync();

        render.ClusterRules.ShouldBe(
        [
            "wayleave.dev/enforcementpolicies: list, watch",
            "wayleave.dev/enforcementpolicies/status: patch",
            "wayleave.dev/clusters: list, watch, patch",
            "wayleave.dev/clusters/status: patch",
            "/namespaces: list, watch",
            "/namespaces [kube-system]: get",
            "/nodes: list",
            "wayleave.dev/clientintents, protectedservices, kafkaserverconfigs: list, watch",
            "wayleave.dev/clientintents/status, protectedservices/status, kafkaserverconfigs/status: patch",
            "networking.k8s.io/networkpolicies: list, watch, create, patch, delete",
            "/services, endpoints, pods: list, watch",
            "discovery.k8s.io/endpointslices: list, watch",
            "apps/deployments, statefulsets, daemonsets, replicasets: list, watch",
            "batch/jobs, cronjobs: list, watch",
            "events.k8s.io/events: create, patch",
        ]);
    }

    [Theory]
    [InlineData("global.telemetry.enabled=false")]
    [InlineData("global.telemetry.enabled=true")]
    public async Task An_operator_of_one_namespace_may_read_what_identifies_the_cluster(string telemetry)
    {
        var render = await cluster.RenderAsync("operator.watchNamespace=shop", "clusters.enabled=false", telemetry);

        render.ClusterRules.Count(rule => rule == "/namespaces [kube-system]: get").ShouldBe(1);
    }

    [Fact]
    public async Task The_pod_runs_with_no_more_rights_than_it_needs()
    {
        var render = await cluster.RenderAsync();

        var pod = render.Pod["securityContext"];
        (pod["runAsNonRoot"].ToString(), pod["runAsUser"].ToString(), pod["seccompProfile"]["type"].ToString())
            .ShouldBe(("true", "1654", "RuntimeDefault"));
        var container = render.Container["securityContext"];
        (container["allowPrivilegeEscalation"].ToString(), container["readOnlyRootFilesystem"].ToString()).ShouldBe(("false", "true"));
        ChartRender.Texts(container["capabilities"]["drop"]).ShouldBe(["ALL"]);
        ((YamlMappingNode)render.Pod).Children.Keys.ShouldNotContain("volumes");
        render.Single("ServiceAccount")["automountServiceAccountToken"].ToString().ShouldBe("false");
    }

    [Theory]
    [InlineData("2", "replicas=2")]
    [InlineData("1", "operator.leaderElect=true")]
    public async Task Replicas_that_elect_a_leader_may_keep_a_lease_and_replace_each_other(string replicas, string value)
    {
        var render = await cluster.RenderAsync(value, "global.telemetry.enabled=false", "clusters.enabled=false");

        render.Deployment["replicas"].ToString().ShouldBe(replicas);
        render.Deployment["strategy"]["type"].ToString().ShouldBe("RollingUpdate");
        render.Arguments.ShouldContain("--leader-elect=true");
        render.OwnRules.ShouldBe(
            ["coordination.k8s.io/leases [wayleave-operator]: get, patch", "coordination.k8s.io/leases: create"]);
    }

    [Theory]
    [InlineData("Shadow", "Shadow")]
    [InlineData("\"Off\"", "Off")]
    [InlineData("Off", "Off")] // Which YAML reads as false.
    public async Task The_mode_is_passed_on(string written, string mode)
    {
        var file = Path.Combine(cluster.Plane.Directory, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, $"operator: {{mode: {written}}}");

        var result = await cluster.TryTemplateAsync($"--values={file}");

        new ChartRender(result.EnsureSuccess().Output).Arguments.ShouldContain($"--mode={mode}");
    }

    [Theory]
    [InlineData]
    [InlineData("replicas=2", "global.telemetry.usage.enabled=false")]
    [InlineData("global.telemetry.enabled=false", "podLabels.b=1s", "podLabels.a=2s", "podAnnotations.z=y")]
    public async Task Two_renders_are_the_same_to_the_byte(params string[] values)
    {
        var first = await cluster.RenderAsync(values);
        var second = await cluster.RenderAsync(values);

        second.Text.ShouldBe(first.Text);
    }

    [Fact]
    public void No_template_asks_for_the_time_for_chance_or_for_the_cluster()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Chart, "templates")))
        {
            Unsteady().Match(File.ReadAllText(file)).Value.ShouldBe("", file);
        }
    }

    [Theory]
    [InlineData("replica=2", "'replica' not allowed")]
    [InlineData("operator.mod=Shadow", "'mod' not allowed")]
    [InlineData("global.telemetry.enabeld=false", "'enabeld' not allowed")]
    [InlineData("global.telemetry.usage.enable=false", "'enable' not allowed")]
    [InlineData("global.telemtry.enabled=false", "global.telemtry is not a value")]
    [InlineData("operator.mode=Observe", "/operator/mode")]
    [InlineData("operator.workers=0", "/operator/workers")]
    [InlineData("operator.watchNamespace=shop", "operator.watchNamespace needs clusters.enabled=false")]
    [InlineData("operator.watchNamespace=wayleave-system,clusters.enabled=false", "which gets no policies")]
    [InlineData("operator.watchNamespace=Shop", "/operator/watchNamespace")]
    [InlineData("global.telemetry.enabled=maybe", "/global/telemetry/enabled")]
    [InlineData("global.telemetry.enabled=null", "missing property 'enabled'")]
    [InlineData("global.telemetry.endpoint=collector:4318", "/global/telemetry/endpoint")]
    [InlineData("global.telemetry.flushInterval=60", "/global/telemetry/flushInterval")]
    [InlineData("serviceAccount.create=false", "serviceAccount.name is required")]
    [InlineData("extraEnv[0].name=DO_NOT_TRACK", "extraEnv must not set DO_NOT_TRACK")]
    [InlineData("extraEnv[0].name=OTEL_EXPORTER_OTLP_ENDPOINT", "extraEnv must not set OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("podLabels.app\\.kubernetes\\.io/name=other", "'app.kubernetes.io/name'")]
    public async Task A_value_that_makes_no_sense_is_refused_by_name(string value, string message)
    {
        var result = await cluster.TryTemplateAsync($"--set={value}");

        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain(message);
    }

    [Fact]
    public async Task The_overrides_of_the_checkout_fit_the_chart()
    {
        var result = await cluster.TryTemplateAsync($"--values={Checkout.PathOf("values.yaml")}");

        var render = new ChartRender(result.EnsureSuccess().Output);
        render.Container["image"].ToString().ShouldBe("localhost/wayleave-operator:0.1.0");
    }

    [Fact]
    public void The_chart_and_the_image_carry_the_version_of_the_program()
    {
        var version = XDocument.Load(Checkout.PathOf("operator", "Directory.Build.props")).Descendants("Version").Single().Value;

        File.ReadAllLines(Path.Combine(Checkout.Chart, "Chart.yaml")).ShouldContain($"appVersion: {version}");
        File.ReadAllLines(Checkout.PathOf("Dockerfile")).ShouldContain($"ARG VERSION={version}");
    }

    [GeneratedRegex(@"\{\{[^}]*\b(lookup|now|rand\w+|uuidv4|gen(CA|Private|Self|Signed)\w*)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unsteady();
}
