using System.Security.Cryptography.X509Certificates;
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

        configuration.Host.ShouldBe(new Uri("https://api.test:6443/"));
        (configuration.SslCaCerts, configuration.ClientCertificate, configuration.TokenProvider, configuration.Namespace, configuration.TlsServerName)
            .ShouldBe((null, null, null, null, null));
    }

    [Theory]
    [InlineData("https://api.test", "https://api.test/")]
    [InlineData("https://api.test/k8s/clusters/c-1", "https://api.test/k8s/clusters/c-1/")]
    [InlineData("https://api.test/k8s/clusters/c-1///", "https://api.test/k8s/clusters/c-1/")]
    [InlineData("https://[fd00::1]:6443", "https://[fd00::1]:6443/")]
    public void A_server_may_have_a_path_and_always_ends_with_a_slash(string server, string host)
    {
        _folder.Read($"server: '{server}'").Host.ShouldBe(new Uri(host));
    }

    [Fact]
    public void Certificates_and_keys_may_be_embedded()
    {
        var configuration = _folder.Read(
            $"server: https://api.test, certificate-authority-data: {KubeConfigFolder.Base64(_folder.Authority)}",
            $"client-certificate-data: {KubeConfigFolder.Base64(_folder.Certificate)}, client-key-data: {KubeConfigFolder.Base64(_folder.Key)}");

        configuration.SslCaCerts.ShouldHaveSingleItem().Thumbprint.ShouldBe(certificates.Authority.Thumbprint);
        configuration.ClientCertificate!.Thumbprint.ShouldBe(certificates.Client.Thumbprint);
        configuration.ClientCertificate.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public void Certificates_and_keys_may_be_files_beside_it_or_elsewhere()
    {
        var configuration = _folder.Read(
            "server: https://api.test, certificate-authority: ca.crt", $"client-certificate: tls/client.crt, client-key: {_folder.PathOf("tls/client.key")}");

        configuration.SslCaCerts.ShouldHaveSingleItem().Thumbprint.ShouldBe(certificates.Authority.Thumbprint);
        configuration.ClientCertificate!.Thumbprint.ShouldBe(certificates.Client.Thumbprint);
    }

    [Fact]
    public void What_is_embedded_comes_before_a_file()
    {
        var configuration = _folder.Read(
            $"server: https://api.test, certificate-authority: nowhere.crt, certificate-authority-data: {KubeConfigFolder.Base64(_folder.Authority)}");

        configuration.SslCaCerts!.Count.ShouldBe(1);
    }

    [Fact]
    public void There_may_be_several_authorities()
    {
        using var others = new TestCertificates();
        _folder.Write("bundle.crt", _folder.Authority + "\n" + others.Authority.ExportCertificatePem());

        _folder.Read("server: https://api.test, certificate-authority: bundle.crt").SslCaCerts!.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_token_may_stand_in_it()
    {
        var configuration = _folder.Read(user: $"token: {KubeConfigFolder.Token}");

        (await configuration.TokenProvider!.GetTokenAsync(false, default)).ShouldBe(KubeConfigFolder.Token);
    }

    [Fact]
    public async Task A_token_may_be_in_a_file_that_is_read_again()
    {
        var configuration = _folder.Read(user: "tokenFile: token, token: older");
        (await configuration.TokenProvider!.GetTokenAsync(false, default)).ShouldBe(KubeConfigFolder.Token);

        _folder.Write("token", "newer");
        _folder.Time.Advance(TimeSpan.FromMinutes(1));

        (await configuration.TokenProvider.GetTokenAsync(false, default)).ShouldBe("newer");
    }

    [Fact]
    public void The_context_gives_the_namespace_and_the_cluster_the_name_to_expect()
    {
        var configuration = _folder.Read("server: https://api.test, tls-server-name: kubernetes.default", context: "namespace: shop");

        (configuration.Namespace, configuration.TlsServerName).ShouldBe(("shop", "kubernetes.default"));
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

        _folder.ReadText(text).Host.Host.ShouldBe("east.test");
        _folder.ReadText(text, "two").Host.Host.ShouldBe("west.test");
    }

    [Fact]
    public void It_may_be_json()
    {
        var configuration = _folder.ReadText(
            """
            {"current-context": "one", "contexts": [{"name": "one", "context": {"cluster": "east"}}],
             "clusters": [{"name": "east", "cluster": {"server": "https://east.test"}}], "users": null}
            """);

        configuration.Host.Host.ShouldBe("east.test");
    }

    [Theory]
    [InlineData("exec: null")]
    [InlineData("exec: ~, auth-provider:")]
    [InlineData("username: '', password: ''")]
    [InlineData("as: ''")]
    public void What_is_empty_is_not_there(string user)
    {
        _folder.Read("server: https://api.test, proxy-url: '', insecure-skip-tls-verify: false, tls-server-name: ''", user).TlsServerName.ShouldBeNull();
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

        configuration.ClientCertificate!.GetNameInfo(X509NameType.SimpleName, forIssuer: false).ShouldBe("test-client");
    }
}
