using System.Text.RegularExpressions;
using System.Xml.Linq;
using Wayleave.Operator.Hosting;
using Wayleave.Settings;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing;
using YamlDotNet.RepresentationModel;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>What the chart renders, and what it rejects.</summary>
[Collection(nameof(ChartCollection))]
public sealed partial class ChartTests(ChartCluster cluster)
{
    [Fact]
    public async Task Passes_the_network_settings_to_the_operator()
    {
        var result = await cluster.TryTemplateAsync(
            "--set=operator.external=Never,operator.systemNamespaces={cattle-*,rook},operator.podCIDRs={10.244.0.0/16},operator.serviceCIDRs={10.96.0.0/12},operator.dnsPorts={5353}");

        var render = new ChartRender(result.EnsureSuccess().Output);
        render.Arguments.ShouldContain("--external=Never");
        render.Arguments.ShouldContain("--system-namespaces=cattle-*,rook");
        render.Arguments.ShouldContain("--pod-cidrs=10.244.0.0/16");
        render.Arguments.ShouldContain("--service-cidrs=10.96.0.0/12");
        render.Arguments.ShouldContain("--dns-ports=5353");
        result.Output.ShouldNotContain("validatingwebhookconfigurations");
    }

    [Theory]
    [InlineData]
    [InlineData("replicas=2")]
    [InlineData("global.telemetry.enabled=false")]
    public async Task Passes_helm_lint_without_warnings(params string[] values)
    {
        var result = await cluster.Plane.HelmAsync(["lint", "--strict", Checkout.Chart, .. ChartCluster.Sets(values)]);

        result.ExitCode.ShouldBe(0, result.Output + result.Error);
        result.Output.ShouldNotContain("[WARNING]");
    }

    [Fact]
    public async Task Renders_one_replica_that_enforces_by_default()
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
            "--namespace=wayleave-system", "--mode=Enforce", "--egress=false", "--external=Auto", "--workers=8", "--log-level=Information",
            "--metrics-port=8080", "--probe-port=8081", "--clusters=false", "--leader-elect=false", "--deployment=wayleave-operator",
        ]);
        render.Variables.ShouldBe(["POD_NAME"]);
        render.Container["image"].ToString().ShouldBe("ghcr.io/wayleave/wayleave-operator:0.1.0");
    }

    [Fact]
    public async Task Grants_exactly_the_expected_cluster_wide_permissions()
    {
        var render = await cluster.RenderAsync();
        var watched = KindTable.Rows.Where(row => row.Scope == KindScope.Watched).Select(row => row.PluralName).ToList();

        watched.ShouldContain("clientintents");
        render.ClusterRules.ShouldBe(
        [
            "wayleave.dev/enforcementpolicies: list, watch",
            "wayleave.dev/enforcementpolicies/status: patch",
            "networking.k8s.io/ingressclasses, servicecidrs: list, watch",
            "gateway.networking.k8s.io/gatewayclasses, gateways, referencegrants, httproutes, grpcroutes, tlsroutes, tcproutes: list, watch",
            "admissionregistration.k8s.io/validatingwebhookconfigurations, mutatingwebhookconfigurations: list, watch",
            "apiextensions.k8s.io/customresourcedefinitions: list, watch",
            "apiregistration.k8s.io/apiservices: list, watch",
            "/nodes: list, watch",
            "/namespaces: list, watch",
            "/namespaces [kube-system]: get",
            "/nodes: list",
            $"wayleave.dev/{string.Join(", ", watched)}: list, watch",
            $"wayleave.dev/{string.Join(", ", watched.Select(kind => $"{kind}/status"))}: patch",
            "networking.k8s.io/networkpolicies: list, watch, create, patch, delete",
            "/services, endpoints, pods: list, watch",
            "discovery.k8s.io/endpointslices: list, watch",
            "apps/deployments, statefulsets, daemonsets, replicasets: list, watch",
            "batch/jobs, cronjobs: list, watch",
            "networking.k8s.io/ingresses: list, watch",
            "events.k8s.io/events: create, patch",
        ]);
    }

    [Theory]
    [InlineData("global.telemetry.enabled=false")]
    [InlineData("global.telemetry.enabled=true")]
    public async Task Lets_an_operator_of_one_namespace_read_the_kube_system_namespace(string telemetry)
    {
        var render = await cluster.RenderAsync("operator.watchNamespace=shop", "clusters.enabled=false", telemetry);

        render.ClusterRules.Count(rule => rule == "/namespaces [kube-system]: get").ShouldBe(1);
    }

    [Fact]
    public async Task The_Pod_runs_without_privileges_and_with_a_read_only_root_filesystem()
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
    public async Task Leader_election_grants_lease_permissions_and_uses_rolling_updates(string replicas, string value)
    {
        var render = await cluster.RenderAsync(value, "global.telemetry.enabled=false");

        render.Deployment["replicas"].ToString().ShouldBe(replicas);
        render.Deployment["strategy"]["type"].ToString().ShouldBe("RollingUpdate");
        render.Arguments.Where(argument => argument.StartsWith("--leader-elect", StringComparison.Ordinal)).ShouldBe(
        [
            "--leader-elect=true", "--leader-elect-lease-duration=15s", "--leader-elect-renew-deadline=10s",
            "--leader-elect-retry-period=2s",
        ]);
        render.OwnRules.ShouldBe(
            ["coordination.k8s.io/leases [wayleave-operator]: get, patch", "coordination.k8s.io/leases: create"]);
    }

    [Theory]
    [InlineData("Shadow", "Shadow")]
    [InlineData("Disabled", "Disabled")]
    public async Task Passes_the_mode_to_the_operator(string written, string mode)
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
    public async Task Renders_the_same_bytes_twice(params string[] values)
    {
        var first = await cluster.RenderAsync(values);
        var second = await cluster.RenderAsync(values);

        second.Text.ShouldBe(first.Text);
    }

    [Fact]
    public void No_template_uses_the_time_random_values_or_the_cluster()
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
    [InlineData("operator.watchNamespace=shop,clusters.enabled=true", "operator.watchNamespace needs clusters.enabled=false")]
    [InlineData("operator.watchNamespace=wayleave-system", "which gets no policies")]
    [InlineData("operator.watchNamespace=Shop", "/operator/watchNamespace")]
    [InlineData("global.telemetry.enabled=maybe", "/global/telemetry/enabled")]
    [InlineData("global.telemetry.enabled=null", "missing property 'enabled'")]
    [InlineData("global.telemetry.endpoint=collector:4318", "/global/telemetry/endpoint")]
    [InlineData("global.telemetry.flushInterval=60", "/global/telemetry/flushInterval")]
    [InlineData("global.telemetry.flushInterval=0s", "global.telemetry.flushInterval: 0s is out of range; use 1s to 24h")]
    [InlineData("global.telemetry.flushInterval=24h1ms", "global.telemetry.flushInterval: 24h1ms is out of range")]
    [InlineData("global.telemetry.activeInterval=999ms", "global.telemetry.activeInterval: 999ms is out of range; use 1s to 744h")]
    [InlineData("global.telemetry.activeInterval=744h0.5s", "global.telemetry.activeInterval: 744h0.5s is out of range")]
    [InlineData("operator.leaderElection.leaseDuration=2h", "operator.leaderElection.leaseDuration: 2h is out of range; use 1s to 1h")]
    [InlineData("operator.leaderElection.renewDeadline=0s", "operator.leaderElection.renewDeadline: 0s is out of range; use 100ms to 1h")]
    [InlineData("operator.leaderElection.retryPeriod=99ms", "operator.leaderElection.retryPeriod: 99ms is out of range; use 100ms to 1h")]
    [InlineData("operator.leaderElection.renewDeadline=15s", "renewDeadline less than leaseDuration")]
    [InlineData("operator.leaderElection.retryPeriod=10s", "retryPeriod must be less than renewDeadline")]
    [InlineData("podSecurityContext.runAsUsr=1", "'runAsUsr' not allowed")]
    [InlineData("securityContext.runAsUser=root", "/securityContext/runAsUser")]
    [InlineData("image.digest=0123", "/image/digest")]
    [InlineData("networkPolicy.dns.ports[0]=0", "/networkPolicy/dns/ports/0")]
    [InlineData("serviceAccount.create=false", "serviceAccount.name is required")]
    [InlineData("extraEnv[0].name=DO_NOT_TRACK", "extraEnv must not set DO_NOT_TRACK")]
    [InlineData("extraEnv[0].name=OTEL_EXPORTER_OTLP_ENDPOINT", "extraEnv must not set OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("extraEnv[0].name=OTEL_EXPORTER_OTLP_HEADERS", "extraEnv must not set OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData("extraEnv[0].name=WAYLEAVE_TRACING_ENDPOINT", "extraEnv must not set WAYLEAVE_TRACING_ENDPOINT: set operator.tracing")]
    [InlineData("operator.tracing.endpoint=collector:4318", "/operator/tracing/endpoint")]
    [InlineData("operator.tracing.samplingRatio=2", "/operator/tracing/samplingRatio")]
    [InlineData("extraEnv[0].name=WAYLEAVE_EVENT_STORE_DIR", "extraEnv must not set WAYLEAVE_EVENT_STORE_DIR: set operator.eventStore")]
    [InlineData("operator.eventStore.maxSize=7Mi", "/operator/eventStore/maxSize")]
    [InlineData("operator.eventStore.maxSize=256MB", "/operator/eventStore/maxSize")]
    [InlineData(
        "operator.eventStore.enabled=true,operator.eventStore.auditRetention=23h", "operator.eventStore.auditRetention: 23h is out of range; use 24h to 87600h")]
    [InlineData(
        "operator.eventStore.enabled=true,operator.eventStore.existingClaim=events,replicas=2", "operator.eventStore.existingClaim needs replicas=1")]
    [InlineData("extraEnv[0].name=OTEL_SDK_DISABLED", "extraEnv must not set OTEL_SDK_DISABLED")]
    [InlineData("extraEnv[0].name=WAYLEAVE_LEADER_ELECT_RETRY_PERIOD", "extraEnv must not set WAYLEAVE_LEADER_ELECT_RETRY_PERIOD")]
    [InlineData("podLabels.app\\.kubernetes\\.io/name=other", "'app.kubernetes.io/name'")]
    public async Task Rejects_an_invalid_value_and_names_it(string value, string message)
    {
        var result = await cluster.TryTemplateAsync($"--set={value}");

        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain(message);
    }

    [Theory]
    [InlineData("global.telemetry.activeInterval=1000ms")]
    [InlineData("global.telemetry.activeInterval=743h59m60s")]
    [InlineData("global.telemetry.flushInterval=1s")]
    [InlineData("global.telemetry.flushInterval=24h")]
    [InlineData("global.telemetry.flushInterval=0.5m")]
    [InlineData("operator.leaderElection.leaseDuration=1h")]
    [InlineData("operator.leaderElection.retryPeriod=100ms")]
    public async Task The_chart_and_the_operator_accept_an_interval_at_its_bounds(string value)
    {
        var render = await cluster.RenderAsync(value, "replicas=2");

        var flags = new[] { "telemetry-active-interval", "telemetry-flush-interval" }.ToDictionary(name => name, Flag, StringComparer.Ordinal);
        TelemetrySettings.Resolve(new SettingBinder(flags, new Dictionary<string, string>())).Problems.ShouldBeEmpty();
        render.Arguments.ShouldContain(argument => argument.EndsWith($"={value.Split('=')[1]}", StringComparison.Ordinal));

        string Flag(string name) =>
            render.Arguments.Single(argument => argument.StartsWith($"--{name}=", StringComparison.Ordinal)).Split('=')[1];
    }

    [Fact]
    public async Task Null_removes_the_user_and_the_group_as_OpenShift_requires()
    {
        var render = await cluster.RenderAsync(
            "podSecurityContext.runAsUser=null", "podSecurityContext.runAsGroup=null", "podSecurityContext.fsGroup=1000650000");

        foreach (var pod in new[] { render.Pod, render.Single("Pod")["spec"] })
        {
            Fields(pod["securityContext"]).ShouldBe(["fsGroup: 1000650000", "runAsNonRoot: true", "seccompProfile.type: RuntimeDefault"]);
        }

        Fields(render.Container["securityContext"]).ShouldBe(
            ["allowPrivilegeEscalation: false", "capabilities.drop: ALL", "readOnlyRootFilesystem: true"]);
    }

    [Fact]
    public async Task Merges_security_contexts_over_the_defaults_and_removes_null_fields_at_any_depth()
    {
        var file = Path.Combine(cluster.Plane.Directory, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            crds: {install: false}
            podSecurityContext: {seccompProfile: null, windowsOptions: null}
            securityContext: {capabilities: {drop: null, add: [CHOWN]}, runAsUser: null, privileged: false}
            """);

        var render = new ChartRender((await cluster.TryTemplateAsync($"--values={file}")).EnsureSuccess().Output);

        Fields(render.Pod["securityContext"]).ShouldBe(["runAsGroup: 1654", "runAsNonRoot: true", "runAsUser: 1654"]);
        Fields(render.Container["securityContext"]).ShouldBe(
            ["allowPrivilegeEscalation: false", "capabilities.add: CHOWN", "privileged: false", "readOnlyRootFilesystem: true"]);
    }

    [Fact]
    public async Task Renders_no_security_context_for_null()
    {
        var render = await cluster.RenderAsync("podSecurityContext=null", "securityContext=null");

        render.Text.ShouldNotContain("securityContext");
    }

    [Fact]
    public async Task The_digest_takes_precedence_over_the_tag()
    {
        var digest = $"sha256:{new string('a', 64)}";
        var render = await cluster.RenderAsync($"image.digest={digest}", "image.tag=other");

        render.Container["image"].ToString().ShouldBe($"ghcr.io/wayleave/wayleave-operator@{digest}");
    }

    [Fact]
    public async Task The_NetworkPolicy_allows_DNS_on_53_and_5353_or_on_the_configured_ports()
    {
        var policy = (await cluster.RenderAsync("networkPolicy.enabled=true")).Single("NetworkPolicy")["spec"];

        Ports(policy["egress"][0]).ShouldBe(["53/UDP", "53/TCP", "5353/UDP", "5353/TCP"]);
        ((YamlMappingNode)policy["egress"][0]).Children.Keys.ShouldNotContain("to");
        Ports(policy["ingress"][0]).Concat(Ports(policy["ingress"][1])).ShouldBe(["8080/TCP", "8081/TCP"]);
        var other = await cluster.RenderAsync("networkPolicy.enabled=true", "networkPolicy.dns.ports={1053}");
        Ports(other.Single("NetworkPolicy")["spec"]["egress"][0]).ShouldBe(["1053/UDP", "1053/TCP"]);

        static IEnumerable<string> Ports(YamlNode rule) =>
            ((YamlSequenceNode)rule["ports"]).Select(port => $"{port["port"]}/{port["protocol"]}");
    }

    [Fact]
    public async Task Passes_tracing_to_the_operator_and_through_its_NetworkPolicy()
    {
        string[] off = ["networkPolicy.enabled=true", "operator.tracing.headersSecretRef.name=collector", "operator.tracing.samplingRatio=0.5"];

        var without = await cluster.RenderAsync(off);
        var with = await cluster.RenderAsync([.. off, "operator.tracing.endpoint=https://collector.observability:4318"]);

        without.Text.ShouldNotContain("tracing", Case.Insensitive);
        with.Arguments.Except(without.Arguments, StringComparer.Ordinal)
            .ShouldBe(["--tracing-endpoint=https://collector.observability:4318", "--tracing-sampling-ratio=0.5"]);
        with.Variables.ShouldBe(["POD_NAME", "WAYLEAVE_TRACING_HEADERS"]);
        var rules = (YamlSequenceNode)with.Single("NetworkPolicy")["spec"]["egress"];
        rules.Last()["ports"][0]["port"].ToString().ShouldBe("4318");
        rules.Children.Count.ShouldBe(((YamlSequenceNode)without.Single("NetworkPolicy")["spec"]["egress"]).Children.Count + 1);
    }

    [Fact]
    public async Task Renders_nothing_of_the_event_store_if_it_is_off()
    {
        var off = await cluster.RenderAsync("networkPolicy.enabled=true");

        off.Text.ShouldNotContain("--event-");
        off.Text.ShouldNotContain("8443");
        off.Text.ShouldNotContain("tokenreviews");
        off.Text.ShouldNotContain("events-reader");
        off.Text.ShouldNotContain("/var/lib/wayleave");
    }

    [Fact]
    public async Task The_event_store_without_queries_has_no_port_and_no_permission()
    {
        var off = await cluster.RenderAsync("networkPolicy.enabled=true");
        var on = await cluster.RenderAsync("networkPolicy.enabled=true", "operator.eventStore.enabled=true", "operator.eventStore.query.enabled=false");

        on.Arguments.Except(off.Arguments, StringComparer.Ordinal).ShouldBe(
        [
            "--event-store-dir=/var/lib/wayleave/events", "--event-store-audit-retention=720h",
            "--event-store-diagnostic-retention=168h", "--event-store-max-size=256Mi",
        ]);
        on.Text.ShouldContain("sizeLimit: 512Mi");
        on.ClusterRules.ShouldBe(off.ClusterRules);
        on.Text.ShouldNotContain("8443");
        on.Text.ShouldNotContain("events-reader");
    }

    [Fact]
    public async Task Queries_of_the_event_store_need_reviews_and_a_reader()
    {
        var off = await cluster.RenderAsync();
        var on = await cluster.RenderAsync("operator.eventStore.enabled=true");

        on.Arguments.ShouldContain("--event-port=8443");
        on.Names.Except(off.Names, StringComparer.Ordinal).ShouldBe(
        [
            "ServiceAccount/wayleave-operator-events-reader", "ClusterRole/wayleave-operator-events-reader",
            "ClusterRoleBinding/wayleave-operator-events-reader",
        ], ignoreOrder: true);
        on.Text.ShouldContain("nonResourceURLs: [/v1/events]");
        on.Text.ShouldContain("tokenreviews");
        on.Text.ShouldContain("subjectaccessreviews");
    }

    [Fact]
    public async Task Grants_access_to_Secrets_only_with_member_clusters_enabled()
    {
        var off = await cluster.RenderAsync();
        var on = await cluster.RenderAsync("clusters.enabled=true");

        off.Text.ShouldNotContain("secrets");
        on.Arguments.ShouldContain("--clusters=true");
        on.OwnRules.Except(off.OwnRules, StringComparer.Ordinal).ShouldBe(["/secrets: get, list, watch"]);
        on.ClusterRules.Except(off.ClusterRules, StringComparer.Ordinal).ShouldBe(
            ["wayleave.dev/clusters: list, watch, patch", "wayleave.dev/clusters/status: patch"]);
    }

    [Fact]
    public async Task The_chart_accepts_the_values_file_of_the_repository()
    {
        var result = await cluster.TryTemplateAsync($"--values={Checkout.PathOf("values.yaml")}");

        var render = new ChartRender(result.EnsureSuccess().Output);
        render.Container["image"].ToString().ShouldBe("localhost/wayleave-operator:0.1.0");
    }

    [Fact]
    public void The_chart_and_the_image_have_the_version_of_the_operator()
    {
        var version = XDocument.Load(Checkout.PathOf("operator", "Directory.Build.props")).Descendants("Version").Single().Value;

        File.ReadAllLines(Path.Combine(Checkout.Chart, "Chart.yaml")).ShouldContain($"appVersion: {version}");
        File.ReadAllLines(Checkout.PathOf("Dockerfile")).ShouldContain($"ARG VERSION={version}");
    }

    private static IEnumerable<string> Fields(YamlNode node, string path = "") => node switch
    {
        YamlMappingNode map => map.SelectMany(entry => Fields(entry.Value, path.Length == 0 ? $"{entry.Key}" : $"{path}.{entry.Key}")),
        YamlSequenceNode list => [$"{path}: {string.Join(", ", list)}"],
        _ => [$"{path}: {node}"],
    };

    [GeneratedRegex(@"\{\{[^}]*\b(lookup|now|rand\w+|uuidv4|gen(CA|Private|Self|Signed)\w*)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unsteady();
}
