using System.Net;
using System.Net.Security;
using System.Text;
using k8s.Exceptions;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Configuration;

/// <summary>A person's own kubeconfig may do what those of the operator may not.</summary>
public sealed class KubeConfigPolicyTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private readonly KubeConfigFolder _folder = new(certificates);
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Skips_the_verification_of_the_API_server_with_a_warning()
    {
        using var handler = Connect("server: https://api.test, insecure-skip-tls-verify: true");

        var verify = handler.SslOptions.RemoteCertificateValidationCallback!;
        verify(this, null, null, SslPolicyErrors.RemoteCertificateChainErrors).ShouldBeTrue();
        _warnings.ShouldHaveSingleItem().ShouldStartWith("the certificate of the API server is not verified");
    }

    [Theory]
    [InlineData("server: https://api.test")]
    [InlineData("server: https://api.test, insecure-skip-tls-verify: false")]
    public void Verifies_the_API_server_otherwise(string cluster)
    {
        using var handler = Connect(cluster);

        handler.SslOptions.RemoteCertificateValidationCallback.ShouldBeNull();
        handler.UseProxy.ShouldBeFalse();
        _warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://proxy.test:3128")]
    [InlineData("socks5://proxy.test:1080")]
    public void Uses_the_proxy(string url)
    {
        using var handler = Connect($"server: https://api.test, proxy-url: {url}");

        handler.UseProxy.ShouldBeTrue();
        handler.Proxy.ShouldBeOfType<WebProxy>().Address.ShouldBe(new Uri(url));
    }

    [Theory]
    [InlineData("server: http://localhost:8001", "http://localhost:8001/")]
    [InlineData("server: https://api.test", "https://api.test/")]
    public void Accepts_an_address_without_encryption(string cluster, string address) =>
        Read(cluster).Address.ToString().ShouldBe(address);

    [Theory]
    [InlineData("server: ftp://api.test", "server must be an https:// address")]
    [InlineData("server: https://api.test, insecure-skip-tls-verify: maybe", "insecure-skip-tls-verify must be true or false")]
    [InlineData("server: https://api.test, proxy-url: 's3cr3t-t0ken'", "proxy-url must be an http://, https:// or socks5:// address")]
    [InlineData("server: https://api.test, proxy-url: 'file:///etc/passwd'", "proxy-url must be an http://, https:// or socks5:// address")]
    public void Rejects_what_cannot_be_used_and_does_not_quote_it(string cluster, string message)
    {
        var error = Should.Throw<KubeConfigException>(() => Read(cluster)).Message;
        error.ShouldContain(message);
        error.ShouldNotContain(KubeConfigFolder.Token);
    }

    [Theory]
    [InlineData("insecure-skip-tls-verify: true")]
    [InlineData("proxy-url: http://proxy.test")]
    public void The_kubeconfig_of_a_member_cluster_stays_strict(string field)
    {
        var data = "{current-context: x, contexts: [{name: x, context: {cluster: x}}],"
            + $" clusters: [{{name: x, cluster: {{server: 'https://api.test', {field}}}}}]}}";

        Should.Throw<KubeConfigException>(() => KubeConfigData.Read(Encoding.UTF8.GetBytes(data))).Message.ShouldContain("is not supported");
    }

    private SocketsHttpHandler Connect(string cluster)
    {
        var handler = new SocketsHttpHandler();
        Read(cluster).Build().FirstMessageHandlerSetup(handler);
        return handler;
    }

    private ConnectionSource Read(string cluster) => KubeConfigFile.Read(
        _folder.Write(
            "personal",
            $"{{current-context: x, contexts: [{{name: x, context: {{cluster: x}}}}], clusters: [{{name: x, cluster: {{{cluster}}}}}]}}"),
        context: null,
        KubeConfigPolicy.CreatePersonal(_warnings.Add));
}
