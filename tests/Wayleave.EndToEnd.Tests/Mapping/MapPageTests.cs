using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Wayleave.EndToEnd.Tests.Cli;
using Wayleave.Mapper.Permissions;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>The page of the mapper with tokens and rights of a real API server, and with no more rights than the mapper has.</summary>
public sealed partial class MapPageTests : IAsyncLifetime, IDisposable
{
    private const string Audience = "--audience=wayleave-map";

    private readonly TestCertificates _certificates = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wayleave-page-");
    private MappedCluster _cluster = null!;
    private string _shop = "";

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "tls.crt"), _certificates.Server.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "tls.key"), TestCertificates.KeyOf(_certificates.Server));
        _cluster = await MappedCluster.StartAsync();
        _shop = await _cluster.NewNamespaceAsync();
        foreach (var account in new[] { "mapper", "reader", "shop-reader", "guest", "sensor" })
        {
            await _cluster.ApplyAsync($$$"""{apiVersion: v1, kind: ServiceAccount, metadata: {name: {{{account}}}, namespace: {{{_shop}}}}}""");
        }

        const string Rules = "{apiGroups: [wayleave.dev], resources: [observedintents, clientintents], verbs: [list]}";
        await GrantAsync("reader", Rules);
        await GrantAsync("sensor", Rules);
        await GrantAsync("guest", "{apiGroups: [wayleave.dev], resources: [observedintents], verbs: [list]}");
        await _cluster.ApplyAsync(
            $$$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: shop-reader, namespace: {{{_shop}}}}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{{_shop}}}-reader}
            subjects: [{kind: ServiceAccount, name: shop-reader, namespace: {{{_shop}}}}]
            """);
    }

    public async Task DisposeAsync()
    {
        foreach (var account in new[] { "mapper", "reader", "guest", "sensor" })
        {
            await _cluster.KubectlAsync("delete", "clusterrole,clusterrolebinding", $"{_shop}-{account}", "--ignore-not-found");
        }

        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Opens_for_those_who_may_read_the_map_and_is_the_page_of_the_command_line()
    {
        await GrantAsync("mapper", RulesOf(MapperPermissions.Cluster));
        await using var mapper = await StartMapperAsync();
        await SeeCallsAsync(mapper);

        (await GetAsync(mapper, token: null)).Status.ShouldBe(401);
        (await GetAsync(mapper, await TokenAsync("reader"))).Status.ShouldBe(401);
        (await GetAsync(mapper, await TokenAsync("sensor", "--audience=wayleave-mapper"))).Status.ShouldBe(401);
        (await GetAsync(mapper, await TokenAsync("sensor", Audience))).Status.ShouldBe(403);
        var denied = await GetAsync(mapper, await TokenAsync("guest", Audience));
        denied.Status.ShouldBe(403);
        denied.Text.ShouldContain("may not list clientintents.wayleave.dev in all namespaces");
        var local = await TokenAsync("shop-reader", Audience);
        (await GetAsync(mapper, local)).Status.ShouldBe(403);
        var part = await GetAsync(mapper, local, $"?namespace={_shop}");
        (part.Status, part.Text.Contains($"Calls of namespace {_shop}", StringComparison.Ordinal)).ShouldBe((200, true), part.Text);

        var page = await GetAsync(mapper, await TokenAsync("reader", Audience));

        page.Status.ShouldBe(200, page.Text);
        page.Text.ShouldContain("deployment/never-called");
        var file = Path.Combine(_folder.FullName, "map.html");
        (await CliProgram.RunAsync(_cluster.KubeconfigPath, "map", "visualize", "--all-namespaces", $"--file={file}")).EnsureSuccess();
        WithoutTime(page.Text).ShouldBe(WithoutTime(await File.ReadAllTextAsync(file)));
    }

    [Fact]
    public async Task Says_which_right_the_mapper_lacks_and_keeps_the_map()
    {
        await GrantAsync("mapper", RulesOf(MapperPermissions.Cluster.Where(rule => !rule.Resources.Contains("clientintents"))));
        await using var mapper = await StartMapperAsync();
        await SeeCallsAsync(mapper);

        var answer = await GetAsync(mapper, await TokenAsync("reader", Audience));

        answer.Status.ShouldBe(503);
        answer.Text.ShouldContain("cannot list resource \"clientintents\"");
        mapper.NotReadyReason.ShouldBeNull();
    }

    [Fact]
    public async Task A_standby_shows_what_the_leader_stored()
    {
        string[] flags = ["--leader-elect", .. PageFlags];
        await using var leader = await _cluster.StartMapperAsync(flags);
        await SeeCallsAsync(leader);
        var token = await TokenAsync("reader", Audience);

        await using var standby = await _cluster.StartMapperAsync(isReady: false, flags);
        var page = await GetAsync(standby, token);

        standby.NotReadyReason.ShouldNotBeNull();
        page.Status.ShouldBe(200, page.Text);
        page.Text.ShouldContain("deployment/never-called");
        WithoutTime(page.Text).ShouldBe(WithoutTime((await GetAsync(leader, token)).Text));
    }

    private string[] PageFlags =>
        ["--page-port=0", $"--tls-dir={_folder.FullName}", $"--sensor-namespace={_shop}", "--sensor-service-account=sensor"];

    private async Task SeeCallsAsync(RunningMapper mapper)
    {
        var checkout = await _cluster.CreatePodAsync(_shop, "checkout", "10.1.9.1");
        await _cluster.CreatePodAsync(_shop, "cart", "10.1.9.2");
        var service = await _cluster.CreateServiceAsync(_shop, "cart", "10.1.9.2");
        await _cluster.ApplyAsync(Yaml.Intents(
            _shop, "checkout", "[{service: {name: cart}}, {kubernetes: {name: never-called, kind: Deployment}}]"));
        await mapper.UntilKnownAsync(checkout);
        await mapper.UntilServiceKnownAsync(service);
        mapper.Send(checkout, (service, 80, "10.1.9.2", 8080));
        await _cluster.UntilStoredAsync(_shop, "pod-checkout", intents => intents.Calls.Count > 0);
    }

    private async Task<RunningMapper> StartMapperAsync()
    {
        var mapper = await RunningMapper.StartAsync(
            await _cluster.WriteKubeconfigAsync(await TokenAsync("mapper")), PageFlags);
        await mapper.UntilReadyAsync();
        return mapper;
    }

    // New tokens from one address are limited: what is refused for that is sent again.
    private Task<(int Status, string Text)> GetAsync(RunningMapper mapper, string? token, string query = "") => Poll.UntilAsync(
        "an answer of the page", stop => TryGetAsync(mapper, token, query, stop), answer => answer.Status != 429, Poll.Patience, default);

    private async Task<(int Status, string Text)> TryGetAsync(RunningMapper mapper, string? token, string query, CancellationToken stop)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_certificates.Authorities);
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync(new Uri($"https://127.0.0.1:{mapper.PagePort}/map{query}"), stop);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(stop));
    }

    private async Task<string> TokenAsync(string account, params IReadOnlyList<string> more) =>
        (await _cluster.KubectlAsync(["create", "token", account, $"--namespace={_shop}", "--duration=1h", .. more])).Trim();

    private Task GrantAsync(string account, string rules) => _cluster.ApplyAsync(
        $$$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: {{{_shop}}}-{{{account}}}}
        rules: [{{{rules}}}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: {{{_shop}}}-{{{account}}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{{_shop}}}-{{{account}}}}
        subjects: [{kind: ServiceAccount, name: {{{account}}}, namespace: {{{_shop}}}}]
        """);

    private static string RulesOf(IEnumerable<MapperAccessRule> rules) => string.Join(", ", rules.Select(rule =>
        $$"""{apiGroups: ["{{rule.Group}}"], resources: [{{string.Join(", ", rule.Resources)}}], verbs: [{{string.Join(", ", rule.Verbs)}}]}"""));

    private static string WithoutTime(string page) => TimePattern().Replace(page, "");

    [GeneratedRegex("\"made\":\"[^\"]+\"", RegexOptions.None, 1000)]
    private static partial Regex TimePattern();
}
