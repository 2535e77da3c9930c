using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using YamlDotNet.RepresentationModel;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>The chart on a real API server, from the install to the uninstall.</summary>
[Collection(nameof(ChartCollection))]
public sealed class ChartInstallTests(ChartCluster cluster)
{
    private const string TelemetryOff = "--set=global.telemetry.enabled=false";

    private static readonly string[] TelemetryRequests =
    [
        "get configmaps/wayleave-telemetry", "patch configmaps/wayleave-telemetry", "create configmaps",
        "get namespaces/kube-system", "list nodes",
    ];

    private static readonly string[] LeaseRequests =
        ["create leases.coordination.k8s.io", "patch leases.coordination.k8s.io/wayleave-operator"];

    private readonly ControlPlane _plane = cluster.Plane;

    [Theory]
    [InlineData]
    [InlineData(TelemetryOff)]
    [InlineData("--set=replicas=2", "--set=operator.mode=Shadow")]
    [InlineData("--set=global.telemetry.endpoint=https://collector.example.com", "--set=global.telemetry.apiKeySecretRef.name=key")]
    public async Task The_API_server_accepts_a_dry_run_of_the_install(params string[] arguments)
    {
        await using var release = await ChartRelease.CreateAsync(_plane);

        var result = await release.InstallAsync(["--dry-run=server", .. arguments]);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain($"Deployment {release.ObjectName}");
        (await release.ObjectsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_install_creates_everything()
    {
        await using var release = await ChartRelease.CreateAsync(_plane);

        (await release.InstallAsync()).EnsureSuccess();

        (await release.ObjectsAsync()).ShouldBe(
        [
            $"ClusterRole/{release.ObjectName}", $"ClusterRoleBinding/{release.ObjectName}", $"Deployment/{release.ObjectName}",
            $"Role/{release.ObjectName}", $"RoleBinding/{release.ObjectName}", $"Service/{release.ObjectName}", $"ServiceAccount/{release.ObjectName}",
        ]);
        await ShouldServeCustomResourcesAsync();
    }

    [Fact]
    public async Task Allows_the_Pod_what_it_needs_and_denies_the_rest()
    {
        await using var release = await ChartRelease.CreateAsync(_plane);
        (await release.InstallAsync("--set=replicas=2")).EnsureSuccess();

        string[] needed =
        [
            "watch clientintents.wayleave.dev", "patch protectedservices.wayleave.dev/some --subresource=status",
            "delete networkpolicies.networking.k8s.io", "watch pods", "list replicasets.apps", "list cronjobs.batch",
            "create events.events.k8s.io", .. LeaseRequests, .. TelemetryRequests,
        ];
        string[] refused =
        [
            "patch clientintents.wayleave.dev", "patch pods", "get secrets", "list configmaps", "patch configmaps/other",
            "delete configmaps/wayleave-telemetry", "get namespaces/default", "list leases.coordination.k8s.io", "patch deployments.apps",
        ];
        await UntilAllowedAsync(release, [.. needed, .. refused], needed);
    }

    [Fact]
    public async Task An_upgrade_to_telemetry_off_removes_its_permissions()
    {
        await using var release = await ChartRelease.CreateAsync(_plane);
        (await release.InstallAsync()).EnsureSuccess();
        await UntilAllowedAsync(release, TelemetryRequests, TelemetryRequests);

        (await release.UpgradeAsync(TelemetryOff)).EnsureSuccess();

        // Nodes are read for the ranges of Pods too, as long as traffic from outside is opened.
        await UntilAllowedAsync(release, TelemetryRequests, ["list nodes"]);
        (await release.ObjectsAsync()).ShouldNotContain(name => name.StartsWith("Role", StringComparison.Ordinal));
        (await ArgumentsAsync(release)).ShouldContain("--telemetry-enabled=false");

        (await release.UpgradeAsync(TelemetryOff, "--set=operator.external=Never")).EnsureSuccess();

        await UntilAllowedAsync(release, TelemetryRequests, []);
    }

    [Fact]
    public async Task Scaling_to_two_replicas_grants_the_lease_permissions_and_scaling_back_removes_them()
    {
        await using var release = await ChartRelease.CreateAsync(_plane);
        (await release.InstallAsync()).EnsureSuccess();

        (await release.UpgradeAsync("--set=replicas=2")).EnsureSuccess();
        await UntilAllowedAsync(release, LeaseRequests, LeaseRequests);

        (await release.UpgradeAsync("--set=replicas=1")).EnsureSuccess();
        await UntilAllowedAsync(release, LeaseRequests, []);
        (await ArgumentsAsync(release)).ShouldContain("--leader-elect=false");
    }

    [Fact]
    public async Task An_upgrade_with_the_same_chart_changes_nothing()
    {
        await using var release = await ChartRelease.CreateAsync(_plane);
        (await release.InstallAsync()).EnsureSuccess();
        var before = await GenerationsAsync(release);

        (await release.UpgradeAsync()).EnsureSuccess();

        (await GenerationsAsync(release)).ShouldBe(before);
    }

    [Fact]
    public async Task An_uninstall_leaves_only_the_CustomResourceDefinitions()
    {
        await using var release = await ChartRelease.CreateAsync(_plane);
        (await release.InstallAsync("--set=replicas=2")).EnsureSuccess();

        (await release.UninstallAsync()).EnsureSuccess();

        (await release.ObjectsAsync()).ShouldBeEmpty();
        await ShouldServeCustomResourcesAsync();
    }

    /// <summary>Waits, because the API server sees changed roles through a watch of its own.</summary>
    private static Task UntilAllowedAsync(ChartRelease release, IReadOnlyList<string> requests, IReadOnlyList<string> allowed) =>
        Poll.UntilAsync(
            "the roles to take effect",
            async _ =>
            {
                (await release.AllowedAsync(requests)).ShouldBe(allowed);
                return true;
            },
            Poll.Patience,
            default);

    private async Task ShouldServeCustomResourcesAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Checkout.PathOf("crds")))
        {
            var definition = new YamlStream();
            definition.Load(new StringReader(await File.ReadAllTextAsync(file)));
            var name = definition.Documents.Single().RootNode["metadata"]["name"];
            (await _plane.KubectlAsync(["wait", "--for=condition=Established", $"crd/{name}", "--timeout=20s"])).EnsureSuccess();
        }
    }

    private async Task<string> ArgumentsAsync(ChartRelease release) =>
        await GetAsync(release, "{.spec.template.spec.containers[0].args}");

    /// <summary>Changes with the specification of the Deployment, or with anything in a role.</summary>
    private async Task<string> GenerationsAsync(ChartRelease release)
    {
        string[] roles = ["get", "clusterrole", release.ObjectName, "--output=jsonpath={.metadata.resourceVersion}"];
        return $"{await GetAsync(release, "{.metadata.generation}")} {(await _plane.KubectlAsync(roles)).EnsureSuccess().Output}";
    }

    private async Task<string> GetAsync(ChartRelease release, string path) =>
        (await _plane.KubectlAsync(["get", "deployment", release.ObjectName, $"--namespace={release.Name}", $"--output=jsonpath={path}"]))
        .EnsureSuccess().Output;
}
