using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Configuration;

public sealed class InClusterConfigurationTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private readonly KubeConfigFolder _pod = new(certificates);
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
    {
        ["KUBERNETES_SERVICE_HOST"] = "10.0.0.1",
        ["KUBERNETES_SERVICE_PORT"] = "6443",
    };

    public void Dispose() => _pod.Dispose();

    [Fact]
    public async Task A_pod_finds_all_it_needs_in_its_environment_and_its_service_account()
    {
        _pod.Write("namespace", "wayleave-system\n");

        var configuration = Make().Build();

        configuration.Host.ShouldBe(new Uri("https://10.0.0.1:6443/"));
        configuration.SslCaCerts.ShouldHaveSingleItem().Thumbprint.ShouldBe(certificates.Authority.Thumbprint);
        (await configuration.TokenProvider!.GetTokenAsync(false, default)).ShouldBe(KubeConfigFolder.Token);
        configuration.Namespace.ShouldBe("wayleave-system");
    }

    [Fact]
    public async Task A_token_that_the_kubelet_replaced_is_read_again()
    {
        var tokens = Make().Build().TokenProvider!;
        await tokens.GetTokenAsync(false, default);
        _pod.Write("token", "newer");

        _pod.Time.Advance(TimeSpan.FromMinutes(1));

        (await tokens.GetTokenAsync(false, default)).ShouldBe("newer");
    }

    [Theory]
    [InlineData("fd00::1", "6443", "https://[fd00::1]:6443/")]
    [InlineData("kubernetes.default.svc", "", "https://kubernetes.default.svc/")]
    [InlineData("10.0.0.1", null, "https://10.0.0.1/")]
    public void The_address_may_be_of_any_kind(string host, string? port, string expected)
    {
        _environment["KUBERNETES_SERVICE_HOST"] = host;
        _environment.Remove("KUBERNETES_SERVICE_PORT");
        if (port is not null)
        {
            _environment["KUBERNETES_SERVICE_PORT"] = port;
        }

        Make().Build().Host.ShouldBe(new Uri(expected));
    }

    [Fact]
    public void A_namespace_is_not_needed()
    {
        Make().Build().Namespace.ShouldBeNull();
    }

    [Theory]
    [InlineData("KUBERNETES_SERVICE_HOST", "", "KUBERNETES_SERVICE_HOST is not set")]
    [InlineData("KUBERNETES_SERVICE_HOST", "two words", "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT")]
    [InlineData("KUBERNETES_SERVICE_PORT", "many", "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT")]
    public void An_environment_that_makes_no_sense_is_refused(string variable, string value, string message)
    {
        _environment[variable] = value;

        Should.Throw<KubeConfigException>(() => Make().Build()).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("-----BEGIN CERTIFICATE-----\nczNjcjN0\n-----END CERTIFICATE-----\n")]
    public void An_authority_that_cannot_be_read_is_refused(string? text)
    {
        File.Delete(_pod.PathOf("ca.crt"));
        if (text is not null)
        {
            _pod.Write("ca.crt", text);
        }

        Should.Throw<KubeConfigException>(() => Make().Build()).Message.ShouldContain("ca.crt");
    }

    [Fact]
    public void Only_a_process_with_an_address_and_a_token_is_in_a_pod()
    {
        Make().IsInCluster().ShouldBeTrue();

        File.Delete(_pod.PathOf("token"));
        Make().IsInCluster().ShouldBeFalse();
        _pod.Write("token", "t");
        _environment.Remove("KUBERNETES_SERVICE_HOST");

        Make().IsInCluster().ShouldBeFalse();
    }

    private InClusterConfiguration Make() => new(_environment, _pod.Time, _pod.PathOf("."));
}
