using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.EndToEnd.Tests.Kubernetes;
using Wayleave.Ingest;
using Wayleave.Kubernetes;
using Wayleave.Mapper.Ingestion;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>Tokens of sensors and the mapper's certificate with a real API server, and with no more rights than the mapper has.</summary>
[Collection(LayerCollection.Name)]
public sealed class SensorAuthenticationTests(LayerCluster cluster) : IAsyncLifetime
{
    private const string Audience = SensorAuthenticator.Audience;
    private const string Node = "node-a";

    private readonly Pods _pods = new();
    private string _home = "";
    private string _sensors = "";
    private Guid _pod;
    private LayerClient? _mapper;

    public async Task InitializeAsync()
    {
        (_home, _sensors) = (await cluster.NewNamespaceAsync(), await cluster.NewNamespaceAsync());
        await ApplyAsync($$"""
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: mapper, namespace: {{_home}}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: {{_home}}-mapper}
            rules: [{apiGroups: [authentication.k8s.io], resources: [tokenreviews], verbs: [create]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: {{_home}}-mapper}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{_home}}-mapper}
            subjects: [{kind: ServiceAccount, name: mapper, namespace: {{_home}}}]
            ---
            {{RoleOf(_home, "secrets", CertificateStore.Name)}}
            ---
            {{RoleOf(_sensors, "configmaps", AuthorityPublisher.Name)}}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: sensor, namespace: {{_sensors}}}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: other, namespace: {{_sensors}}}
            ---
            {{PodOf("sensor")}}
            ---
            {{PodOf("other")}}
            """);
        _pod = Guid.Parse(await KubectlAsync("get", "pod", "sensor", $"--namespace={_sensors}", "--output=jsonpath={.metadata.uid}"));
        _pods.Nodes[_pod] = Node;
        _mapper = await ConnectAsync();
    }

    public Task DisposeAsync()
    {
        _mapper?.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Knows_the_sensor_by_the_token_that_its_Pod_gets()
    {
        var (sensor, refusal) = await AskAsync(Create(), await CreateTokenAsync());
        refusal.ShouldBeNull();
        sensor.ShouldBe(new SensorIdentity("sensor", _pod, Node));
    }

    [Fact]
    public async Task Refuses_other_audiences_other_accounts_and_tokens_without_a_Pod()
    {
        var authenticator = Create();
        await RefusesAsync(authenticator, await CreateTokenAsync(audience: "wayleave-events"), 401);
        await RefusesAsync(authenticator, await CreateTokenAsync(audience: null), 401);
        await RefusesAsync(authenticator, await CreateTokenAsync(account: "other", pod: "other"), 403);
        await RefusesAsync(authenticator, await CreateTokenAsync(pod: null), 403);
        await RefusesAsync(authenticator, "not-a-token", 401);
    }

    [Fact]
    public async Task Refuses_an_expired_token_and_one_with_another_signature()
    {
        var token = await CreateTokenAsync();
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(cluster.Plane.Directory, "pki", "sa.key")));
        var now = DateTimeOffset.UtcNow;

        (await AskAsync(Create(), Sign(token, key, now.AddMinutes(-10), now.AddMinutes(10)))).Sensor.ShouldNotBeNull();
        await RefusesAsync(Create(), Sign(token, key, now.AddHours(-2), now.AddHours(-1)), 401);
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusesAsync(Create(), Sign(token, another, now.AddMinutes(-10), now.AddMinutes(10)), 401);
    }

    [Fact]
    public async Task Refuses_the_token_of_a_deleted_Pod_at_once_and_so_does_the_API_server_soon()
    {
        var authenticator = Create();
        var token = await CreateTokenAsync();
        (await AskAsync(authenticator, token)).Sensor.ShouldNotBeNull();
        await KubectlAsync("delete", "pod", "sensor", $"--namespace={_sensors}", "--grace-period=0", "--force");

        _pods.Deleted.Add(_pod);
        await RefusesAsync(authenticator, token, 401);

        _pods.Deleted.Clear();
        await Poll.UntilAsync(
            "the API server to refuse the token",
            async _ => (await AskAsync(Create(), token)).Refusal?.Status ?? 200,
            status => status == 401,
            Poll.Patience,
            CancellationToken.None);
    }

    [Fact]
    public async Task Keeps_its_certificate_with_the_rights_of_the_mapper()
    {
        using var first = CreateManager();
        using var second = CreateManager();
        await Task.WhenAll(first.EnsureAsync(default), second.EnsureAsync(default));
        second.Get()!.RawData.ShouldBe(first.Get()!.RawData);

        var published = await KubectlAsync("get", "configmap", AuthorityPublisher.Name, $"--namespace={_sensors}", "--output=jsonpath={.data.ca\\.crt}");
        published.ShouldStartWith("-----BEGIN CERTIFICATE-----");
        await KubectlAsync("patch", "configmap", AuthorityPublisher.Name, $"--namespace={_sensors}", "--patch={\"data\": {\"ca.crt\": \"another\"}}");
        await KubectlAsync("patch", "secret", CertificateStore.Name, $"--namespace={_home}", "--patch={\"data\": {\"ca.key\": \"\"}}");
        await first.EnsureAsync(default);
        await second.EnsureAsync(default);
        second.Get()!.RawData.ShouldBe(first.Get()!.RawData);
        (await KubectlAsync("get", "configmap", AuthorityPublisher.Name, $"--namespace={_sensors}", "--output=jsonpath={.data.ca\\.crt}"))
            .ShouldStartWith("-----BEGIN CERTIFICATE-----");
    }

    private IngestionOptions Options => new()
    {
        Namespace = _home,
        Service = "wayleave-mapper",
        SensorNamespace = _sensors,
        SensorAccount = "sensor",
    };

    private SensorAuthenticator Create() =>
        new(_mapper!.Kubernetes, _pods, Options, TimeProvider.System, NullLogger<SensorAuthenticator>.Instance);

    private CertificateManager CreateManager() => new(
        new CertificateStore(_mapper!.Kubernetes, Options),
        new AuthorityPublisher(_mapper.Kubernetes, Options),
        Options,
        TimeProvider.System,
        NullLogger<CertificateManager>.Instance);

    private async Task<LayerClient> ConnectAsync()
    {
        var account = new ServiceAccount("mapper", await KubectlAsync("create", "token", "mapper", $"--namespace={_home}"));
        var registry = EntityRegistry.Create()
            .Add<V1TokenReview>(EntityScope.Cluster, "tokenreviews")
            .Add<V1Secret>()
            .Add<V1ConfigMap>();
        return new LayerClient(await account.WriteKubeconfigAsync(cluster.Plane), "wayleave-mapper", registry);
    }

    private static Task<Authentication> AskAsync(SensorAuthenticator authenticator, string token) =>
        authenticator.AuthenticateAsync(token, IPAddress.Loopback, default);

    private static async Task RefusesAsync(SensorAuthenticator authenticator, string token, int status)
    {
        var (sensor, refusal) = await AskAsync(authenticator, token);
        sensor.ShouldBeNull();
        refusal!.Status.ShouldBe(status, refusal.Text);
    }

    private Task<string> CreateTokenAsync(string account = "sensor", string? pod = "sensor", string? audience = Audience)
    {
        List<string> arguments = ["create", "token", account, $"--namespace={_sensors}", "--duration=1h"];
        arguments.AddRange(pod is null ? [] : ["--bound-object-kind=Pod", $"--bound-object-name={pod}"]);
        arguments.AddRange(audience is null ? [] : [$"--audience={audience}"]);
        return KubectlAsync([.. arguments]);
    }

    // The same token with other times, signed as the API server signs.
    private static string Sign(string token, ECDsa key, DateTimeOffset start, DateTimeOffset end)
    {
        var parts = token.Split('.');
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        (claims["iat"], claims["nbf"], claims["exp"]) = (start.ToUnixTimeSeconds(), start.ToUnixTimeSeconds(), end.ToUnixTimeSeconds());
        var text = $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    private string PodOf(string account) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{account}}, namespace: {{_sensors}}}
        spec: {serviceAccountName: {{account}}, containers: [{name: sensor, image: wayleave}]}
        """;

    // Creating cannot be limited to a name.
    private string RoleOf(string @namespace, string resource, string name) => $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: mapper-{{resource}}, namespace: {{@namespace}}}
        rules:
          - {apiGroups: [""], resources: [{{resource}}], verbs: [create]}
          - {apiGroups: [""], resources: [{{resource}}], resourceNames: [{{name}}], verbs: [get, patch]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: mapper-{{resource}}, namespace: {{@namespace}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: mapper-{{resource}}}
        subjects: [{kind: ServiceAccount, name: mapper, namespace: {{_home}}}]
        """;

    private async Task ApplyAsync(string manifest) => (await cluster.Plane.KubectlAsync(["apply", "--filename=-"], manifest)).EnsureSuccess();

    private async Task<string> KubectlAsync(params IReadOnlyList<string> arguments) =>
        (await cluster.Plane.KubectlAsync(arguments)).EnsureSuccess().Output.Trim();

    private sealed class Pods : IPodDirectory
    {
        public Dictionary<Guid, string> Nodes { get; } = [];

        public HashSet<Guid> Deleted { get; } = [];

        public bool HasSynced => true;

        public string? FindNode(Guid podUid) => Nodes.GetValueOrDefault(podUid);

        public bool Exists(Guid podUid) => Nodes.ContainsKey(podUid) && !Deleted.Contains(podUid);
    }
}
