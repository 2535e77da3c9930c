using System.Security.Cryptography.X509Certificates;
using k8s.Exceptions;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Configuration;

/// <summary>What a kubeconfig can contain.</summary>
public sealed class KubeConfigFileTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private readonly KubeConfigFolder _folder = new(certificates);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_a_kubeconfig_with_only_a_server()
    {
        var configuration = _folder.Read();

        configuration.Address.ShouldBe(new Uri("https://api.test:6443/"));
        var settings = configuration.Connect();
        (settings.Authorities, settings.ClientCertificate, configuration.Namespace).ShouldBe((null, null, null));
        (settings.Configuration.AccessToken, settings.Configuration.TokenProvider, settings.Configuration.TlsServerName).ShouldBe((null, null, null));
    }

    [Theory]
    [InlineData("https://api.test", "https://api.test/")]
    [InlineData("https://api.test/k8s/clusters/c-1", "https://api.test/k8s/clusters/c-1/")]
    [InlineData("https://api.test/k8s/clusters/c-1///", "https://api.test/k8s/clusters/c-1/")]
    [InlineData("https://[fd00::1]:6443", "https://[fd00::1]:6443/")]
    public void Keeps_the_path_of_the_server_and_ends_it_with_one_slash(string server, string host)
    {
        _folder.Read($"server: '{server}'").Address.ShouldBe(new Uri(host));
    }

    [Fact]
    public void Reads_embedded_certificates_and_keys()
    {
        var configuration = _folder.Read(
            $"server: https://api.test, certificate-authority-data: {KubeConfigFolder.Base64(_folder.Authority)}",
            $"client-certificate-data: {KubeConfigFolder.Base64(_folder.Certificate)}, client-key-data: {KubeConfigFolder.Base64(_folder.Key)}");

        configuration.Connect().Authorities.ShouldHaveSingleItem().Thumbprint.ShouldBe(certificates.Authority.Thumbprint);
        configuration.Connect().ClientCertificate!.Thumbprint.ShouldBe(certificates.Client.Thumbprint);
        configuration.Connect().ClientCertificate!.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public void Reads_certificates_and_keys_from_relative_and_absolute_paths()
    {
        var configuration = _folder.Read(
            "server: https://api.test, certificate-authority: ca.crt", $"client-certificate: tls/client.crt, client-key: {_folder.PathOf("tls/client.key")}");

        configuration.Connect().Authorities.ShouldHaveSingleItem().Thumbprint.ShouldBe(certificates.Authority.Thumbprint);
        configuration.Connect().ClientCertificate!.Thumbprint.ShouldBe(certificates.Client.Thumbprint);
    }

    [Fact]
    public void Prefers_an_embedded_authority_to_a_file()
    {
        var configuration = _folder.Read(
            $"server: https://api.test, certificate-authority: nowhere.crt, certificate-authority-data: {KubeConfigFolder.Base64(_folder.Authority)}");

        configuration.Connect().Authorities!.Count.ShouldBe(1);
    }

    [Fact]
    public void Reads_several_authorities_from_one_file()
    {
        using var others = new TestCertificates();
        _folder.Write("bundle.crt", _folder.Authority + "\n" + others.Authority.ExportCertificatePem());

        _folder.Read("server: https://api.test, certificate-authority: bundle.crt").Connect().Authorities!.Count.ShouldBe(2);
    }

    [Fact]
    public void Reads_an_inline_token() =>
        _folder.Read(user: $"token: {KubeConfigFolder.Token}").Build().AccessToken.ShouldBe(KubeConfigFolder.Token);

    [Fact]
    public async Task Prefers_a_token_file_to_an_inline_token()
    {
        var source = _folder.Read(user: "tokenFile: token, token: older");

        var header = await source.Build().TokenProvider!.GetAuthenticationHeaderAsync(default);

        header.ToString().ShouldBe($"Bearer {KubeConfigFolder.Token}");
        source.TokenFile.ShouldBe(_folder.PathOf("token"));
    }

    [Fact]
    public async Task Gets_a_token_from_an_exec_plugin()
    {
        var program = _folder.WriteProgram(
            "plugin",
            """
            [ "$1" = "two words" ] && [ "$REGION" = "a \"b\"" ] || exit 1
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"made-by-a-program"}}'
            """);
        var source = _folder.Read(user:
            $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {program}, args: [two words], env: [{{name: REGION, value: 'a \"b\"'}}]}}");

        var header = await source.Build().TokenProvider!.GetAuthenticationHeaderAsync(default);

        header.ToString().ShouldBe("Bearer made-by-a-program");
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(",\"expirationTimestamp\":\"2999-01-01T00:00:00Z\"", 1)]
    [InlineData(",\"expirationTimestamp\":\"2020-01-01T00:00:00Z\"", 3)]
    public async Task Runs_an_exec_plugin_once_until_its_token_expires(string expiration, int runs)
    {
        var count = _folder.PathOf("runs");
        var program = _folder.WriteProgram(
            "plugin",
            $$$"""
            echo >>{{{count}}}
            echo '{"apiVersion":"client.authentication.k8s.io/v1","status":{"token":"made-by-a-program"{{{expiration}}} } }'
            """);
        var tokens = _folder.Read(user: $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {program}}}").Build().TokenProvider!;

        await tokens.GetAuthenticationHeaderAsync(default);
        await tokens.GetAuthenticationHeaderAsync(default);

        File.ReadAllLines(count).Length.ShouldBe(runs);
    }

    [Fact]
    public void Gets_a_client_certificate_from_an_exec_plugin()
    {
        var text = System.Text.Json.JsonSerializer.Serialize(new
        {
            apiVersion = "client.authentication.k8s.io/v1",
            status = new { clientCertificateData = _folder.Certificate, clientKeyData = _folder.Key },
        });
        var program = _folder.WriteProgram("plugin", $"cat {_folder.Write("credential.json", text)}");

        var source = _folder.Read(user: $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {program}}}");

        source.Connect().ClientCertificate!.Thumbprint.ShouldBe(certificates.Client.Thumbprint);
    }

    [Fact]
    public void Build_throws_and_TryBuild_returns_null_when_an_exec_plugin_fails()
    {
        var program = _folder.WriteProgram("plugin", "exit 3");
        var source = _folder.Read(user: $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {program}}}");

        Should.Throw<KubeConfigException>(source.Build).Message.ShouldBe(
            $"exec plugin \"{Path.GetFileName(program)}\" failed; its output is above. Log in and try again");
        source.TryBuild().ShouldBeNull();
    }

    [Fact]
    public void Reads_the_namespace_of_the_context_and_the_TLS_server_name()
    {
        var configuration = _folder.Read("server: https://api.test, tls-server-name: kubernetes.default", context: "namespace: shop");

        (configuration.Namespace, configuration.Connect().Configuration.TlsServerName).ShouldBe(("shop", "kubernetes.default"));
    }

    [Fact]
    public void Uses_the_requested_context_instead_of_the_current_one()
    {
        const string text = """
            current-context: one
            contexts:
            - {name: one, context: {cluster: east}}
            - {name: two, context: {cluster: west, user: nobody-needed}}
            clusters:
            - {name: east, cluster: {server: "https://east.test"}}
            - {name: west, cluster: {server: "https://west.test"}}
            users:
            - {name: nobody-needed, user: {}}
            """;

        _folder.ReadText(text).Address.Host.ShouldBe("east.test");
        _folder.ReadText(text, "two").Address.Host.ShouldBe("west.test");
    }

    [Fact]
    public void Reads_a_kubeconfig_in_JSON()
    {
        var configuration = _folder.ReadText(
            """
            {"current-context": "one", "contexts": [{"name": "one", "context": {"cluster": "east"}}],
             "clusters": [{"name": "east", "cluster": {"server": "https://east.test"}}], "users": null}
            """);

        configuration.Address.Host.ShouldBe("east.test");
    }

    [Theory]
    [InlineData("exec: null")]
    [InlineData("exec: ~, auth-provider:")]
    [InlineData("username: '', password: ''")]
    [InlineData("as: ''")]
    public void Treats_empty_fields_as_absent(string user)
    {
        _folder.Read("server: https://api.test, proxy-url: '', insecure-skip-tls-verify: false, tls-server-name: ''", user).Connect().Configuration.TlsServerName.ShouldBeNull();
    }

    [Fact]
    public void Reads_a_typical_kubeconfig_of_a_control_plane()
    {
        var configuration = _folder.ReadText(
            $"""
            apiVersion: v1
            kind: Config
            current-context: control-plane
            contexts:
              - name: control-plane
                context:
                  cluster: control-plane
                  user: admin
            clusters:
            - name: control-plane
              cluster:
                certificate-authority-data: {KubeConfigFolder.Base64(_folder.Authority)}
                server: https://127.0.0.1:6443
                extensions: [{"{name: client.authentication.k8s.io/exec, extension: {}}"}]
            users:
            - name: admin
              user:
                client-certificate-data: {KubeConfigFolder.Base64(_folder.Certificate)}
                client-key-data: {KubeConfigFolder.Base64(_folder.Key)}
            """);

        configuration.Connect().ClientCertificate!.GetNameInfo(X509NameType.SimpleName, forIssuer: false).ShouldBe("test-client");
    }
}
