using System.Net.Sockets;
using System.Text.Json;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests;

/// <summary>Tests the control plane that the other tests rely on.</summary>
public sealed class ControlPlaneTests(OwnControlPlane own) : IClassFixture<OwnControlPlane>
{
    private readonly ControlPlane _plane = own.ControlPlane;

    [Fact]
    public async Task A_restarted_API_server_keeps_its_data()
    {
        await SucceedAsync("create", "namespace", "kept");

        await _plane.StopApiServerAsync();
        (await _plane.KubectlAsync(["get", "namespace", "kept"])).Error.ShouldContain("refused");

        await _plane.StartApiServerAsync();
        await SucceedAsync("get", "namespace", "kept");
    }

    [Fact]
    public async Task A_paused_API_server_answers_when_it_resumes()
    {
        await _plane.PauseApiServerAsync();
        var paused = await _plane.KubectlAsync(["get", "--raw=/readyz", "--request-timeout=300ms"]);

        await _plane.ResumeApiServerAsync();

        paused.ExitCode.ShouldNotBe(0);
        await SucceedAsync("get", "--raw=/readyz");
    }

    [Fact]
    public async Task An_API_server_without_etcd_is_unhealthy_until_etcd_is_back()
    {
        await _plane.StopEtcdAsync();
        await Poll.UntilAsync("the API server to miss etcd", async token => !await ReachesEtcdAsync(token), Poll.Patience, default);

        await _plane.StartEtcdAsync();

        await Poll.UntilAsync("the API server to reach etcd", ReachesEtcdAsync, Poll.Patience, default);
    }

    [Fact]
    public async Task A_continue_token_from_before_a_compaction_is_too_old()
    {
        const string page = "--raw=/api/v1/namespaces?limit=1";
        using var first = JsonDocument.Parse((await SucceedAsync("get", page)).Output);
        var token = first.RootElement.GetProperty("metadata").GetProperty("continue").GetString();
        await SucceedAsync("create", "namespace", "later");

        await _plane.CompactAsync();

        // Newer API servers have the next page in their own cache, which is empty after a restart.
        await _plane.StopApiServerAsync();
        await _plane.StartApiServerAsync();

        var next = await _plane.KubectlAsync(["get", $"{page}&continue={token}"]);
        next.Error.ShouldContain("continue parameter is too old");
    }

    [Fact]
    public async Task The_audit_log_says_who_wrote_what()
    {
        var log = new AuditLog(_plane.AuditLogPath!);
        var mark = log.Mark();

        await SucceedAsync("create", "configmap", "noted", "--namespace=default");

        var record = await Poll.UntilAsync(
            "the request in the audit log",
            _ => Task.FromResult(log.Writes("kubectl/", mark).SingleOrDefault(record => record.Name == "noted")),
            Poll.Patience,
            default);
        (record.Verb, record.Resource, record.Namespace, record.Code).ShouldBe(("create", "configmaps", "default", 201));
        record.User.ShouldBe("admin");
        log.CountWrites(mark).Keys.ShouldContain(record.UserAgent);
    }

    [Fact]
    public async Task Deletes_a_namespace_with_its_objects()
    {
        await SucceedAsync("create", "namespace", "doomed");
        await SucceedAsync("create", "configmap", "inside", "--namespace=doomed");

        await SucceedAsync("delete", "namespace", "doomed", "--timeout=20s");
    }

    [Fact]
    public async Task Installs_a_chart()
    {
        var chart = Path.Combine(_plane.Directory, "chart");
        Directory.CreateDirectory(Path.Combine(chart, "templates"));
        await File.WriteAllTextAsync(Path.Combine(chart, "Chart.yaml"), "{apiVersion: v2, name: small, version: 1.0.0}");
        await File.WriteAllTextAsync(
            Path.Combine(chart, "templates", "one.yaml"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: from-chart}}");

        (await _plane.HelmAsync(["install", "small", chart, "--wait", "--namespace=default"])).EnsureSuccess();

        await SucceedAsync("get", "configmap", "from-chart", "--namespace=default");
    }

    [Fact]
    public async Task A_proxy_can_disconnect_a_client()
    {
        await using var proxy = TcpProxy.Start(_plane.Server);
        var kubeconfig = await _plane.WriteKubeconfigAsync(proxy.Address);
        string[] query = ["get", "--raw=/readyz", "--request-timeout=2s", $"--kubeconfig={kubeconfig}"];
        await SucceedAsync(query);

        proxy.Refuse();
        var refused = await _plane.KubectlAsync(query);

        refused.Error.ShouldContain("refused");
        proxy.Accept();
        await SucceedAsync(query);
        proxy.ConnectionCount.ShouldBe(2);
    }

    [Fact]
    public async Task Disposing_one_of_two_control_planes_removes_only_that_one()
    {
        var second = await ControlPlane.StartAsync(OwnControlPlane.Options);
        second.Server.ShouldNotBe(_plane.Server);

        await second.DisposeAsync();

        Directory.Exists(second.Directory).ShouldBeFalse();
        using var client = new TcpClient();
        await Should.ThrowAsync<SocketException>(() => client.ConnectAsync(second.Server.Host, second.Server.Port));
        await SucceedAsync("get", "--raw=/readyz");
    }

    [Fact]
    public async Task Uses_an_external_cluster_and_refuses_to_stop_it()
    {
        await using var external = await ControlPlane.StartAsync(
            new ControlPlaneOptions { ExternalKubeconfig = _plane.KubeconfigPath });

        await Should.ThrowAsync<NotSupportedException>(() => external.StopApiServerAsync());

        external.Server.ShouldBe(_plane.Server);
        (await external.KubectlAsync(["get", "--raw=/readyz"])).EnsureSuccess();
    }

    [Fact]
    public async Task A_control_plane_that_cannot_start_says_why()
    {
        var options = OwnControlPlane.Options with { ApiServerArguments = ["--no-such-flag"] };

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => ControlPlane.StartAsync(options));

        failure.Message.ShouldContain("unknown flag: --no-such-flag");
    }

    // Not /readyz: some distributions leave etcd out of it.
    private async Task<bool> ReachesEtcdAsync(CancellationToken cancellationToken) =>
        (await _plane.KubectlAsync(["get", "--raw=/healthz/etcd"], cancellationToken: cancellationToken)).ExitCode == 0;

    private async Task<ProcessResult> SucceedAsync(params string[] arguments) => (await _plane.KubectlAsync(arguments)).EnsureSuccess();
}
