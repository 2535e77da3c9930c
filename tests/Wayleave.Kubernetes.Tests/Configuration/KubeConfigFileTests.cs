using System.Security.Cryptography.X509Certificates;
using k8s.Exceptions;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Configuration;

/// <summary>What a kubeconfig may say.</summary>
public sealed class KubeConfigFileTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private readonly KubeConfigFolder _folder = new(certificates);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_server_alone_is_enough()
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
    public void A_server_may_have_a_path_and_always_ends_with_a_slash(string server, string host)
    {
        _folder.Read($"server: '{server}'").Address.ShouldBe(new Uri(host));
    }

    [Fact]
    public void Certificates_and_keys_may_be_embedded()
    {
        var configuration = _folder.Read(
            $"server: https://api.test, certificate-authority-data: {KubeConfigFolder.Base64(_folder.Authority)}",
            $"client-certificate-data: {KubeConfigFolder.Base64(_folder.Certificate)}, client-key-data: {KubeConfigFolder.Base64(_folder.Key)}");

        configuration.Connect().Authorities.ShouldHaveSingleItem().Thumbprint.ShouldBe(certificates.Authority.Thumbprint);
        configuration.Connect().ClientCertificate!.Thumbprint.ShouldBe(certificates.Client.Thumbprint);
        configuration.Connect().ClientCertificate!.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public void Certificates_and_keys_may_be_files_beside_it_or_elsewhere()
    {
        var configuration = _folder.Read(
            "server: https://api.test, certificate-authority: ca.crt", $"client-certificate: tls/client.crt, client-key: {_folder.PathOf("tls/client.key")}");

        configuration.Connect().Authorities.ShouldHaveSingleItem().Thumbprint.ShouldBe(certificates.Authority.Thumbprint);
        configuration.Connect().ClientCertificate!.Thumbprint.ShouldBe(certificates.Client.Thumbprint);
    }

    [Fact]
    public void What_is_embedded_comes_before_a_file()
    {
        var configuration = _folder.Read(
            $"server: https://api.test, certificate-authority: nowhere.crt, certificate-authority-data: {KubeConfigFolder.Base64(_folder.Authority)}");

        configuration.Connect().Authorities!.Count.ShouldBe(1);
    }

    [Fact]
    public void There_may_be_several_authorities()
    {
        using var others = new TestCertificates();
        _folder.Write("bundle.crt", _folder.Authority + "\n" + others.Authority.ExportCertificatePem());

        _folder.Read("server: https://api.test, certificate-authority: bundle.crt").Connect().Authorities!.Count.ShouldBe(2);
    }

    [Fact]
    public void A_token_may_stand_in_it() =>
        _folder.Read(user: $"token: {KubeConfigFolder.Token}").Build().AccessToken.ShouldBe(KubeConfigFolder.Token);

    [Fact]
    public async Task A_token_may_be_in_a_file_and_comes_before_the_one_that_stands_in_it()
    {
        var source = _folder.Read(user: "tokenFile: token, token: older");

        var header = await source.Build().TokenProvider!.GetAuthenticationHeaderAsync(default);

        header.ToString().ShouldBe($"Bearer {KubeConfigFolder.Token}");
        source.TokenFile.ShouldBe(_folder.PathOf("token"));
    }

    [Fact]
    public async Task A_program_may_give_the_token()
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

    [Fact]
    public void A_program_may_give_a_client_certificate()
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
    public void A_program_that_fails_is_named_by_its_field()
    {
        var program = _folder.WriteProgram("plugin", "exit 3");
        var source = _folder.Read(user: $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {program}}}");

        Should.Throw<KubeConfigException>(source.Build).Message.ShouldContain("external exec failed");
        source.TryBuild().ShouldBeNull();
    }

    [Fact]
    public void The_context_gives_the_namespace_and_the_cluster_the_name_to_expect()
    {
        var configuration = _folder.Read("server: https://api.test, tls-server-name: kubernetes.default", context: "namespace: shop");

        (configuration.Namespace, configuration.Connect().Configuration.TlsServerName).ShouldBe(("shop", "kubernetes.default"));
    }

    [Fact]
    public void Another_context_than_the_current_one_can_be_asked_for()
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
    public void It_may_be_json()
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
    public void What_is_empty_is_not_there(string user)
    {
        _folder.Read("server: https://api.test, proxy-url: '', insecure-skip-tls-verify: false, tls-server-name: ''", user).Connect().Configuration.TlsServerName.ShouldBeNull();
    }

    [Fact]
    public void The_usual_file_of_a_control_plane_can_be_read()
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
