using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Configuration;

public sealed class ConfigurationLocatorTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private readonly KubeConfigFolder _folder = new(certificates);
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_that_was_named_comes_first()
    {
        _environment["KUBECONFIG"] = Write("from-environment");
        _environment["HOME"] = _folder.PathOf("home");

        Locate(Write("named")).ShouldBe("named.test");
        Locate(null).ShouldBe("from-environment.test");
        Locate("").ShouldBe("from-environment.test");
    }

    [Fact]
    public void The_users_own_file_comes_last()
    {
        Write("at-home", "home/.kube/config");
        _environment["HOME"] = _folder.PathOf("home");
        _environment["KUBECONFIG"] = "";

        Locate(null).ShouldBe("at-home.test");
    }

    [Fact]
    public void Where_nothing_is_configured_the_message_says_what_to_do()
    {
        _environment["HOME"] = _folder.PathOf("home");

        Should.Throw<KubeConfigException>(() => Locate(null)).Message.ShouldContain("give --kubeconfig, set KUBECONFIG, or run in a pod");
    }

    [Fact]
    public void A_named_file_that_cannot_be_used_is_an_error_and_no_other_is_tried()
    {
        _environment["KUBECONFIG"] = Write("from-environment");

        Should.Throw<KubeConfigException>(() => Locate(_folder.PathOf("nowhere")));
    }

    [Fact]
    public void A_context_can_be_asked_for()
    {
        Should.Throw<KubeConfigException>(() => Locate(Write("named"), "other")).Message.ShouldContain("contexts has no entry named other.");
    }

    private string Locate(string? kubeconfig, string? context = null) =>
        new ConfigurationLocator(_environment, _folder.Time).Locate(kubeconfig, context).Host.Host;

    private string Write(string name, string? path = null) => _folder.Write(
        path ?? name,
        $$"""
        current-context: one
        contexts: [{name: one, context: {cluster: one} }]
        clusters: [{name: one, cluster: {server: "https://{{name}}.test"} }]
        """);
}
