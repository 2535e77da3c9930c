using k8s.Exceptions;
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
    public void Uses_the_given_file_before_KUBECONFIG()
    {
        _environment["KUBECONFIG"] = Write("from-environment");
        _environment["HOME"] = _folder.PathOf("home");

        Locate(Write("named")).ShouldBe("named.test");
        Locate(null).ShouldBe("from-environment.test");
        Locate("").ShouldBe("from-environment.test");
    }

    [Fact]
    public void Falls_back_to_the_kubeconfig_in_the_home_directory()
    {
        Write("at-home", "home/.kube/config");
        _environment["HOME"] = _folder.PathOf("home");
        _environment["KUBECONFIG"] = "";

        Locate(null).ShouldBe("at-home.test");
    }

    [Fact]
    public void Explains_how_to_give_a_kubeconfig_when_nothing_is_configured()
    {
        _environment["HOME"] = _folder.PathOf("home");

        Should.Throw<KubeConfigException>(() => Locate(null)).Message.ShouldContain("give --kubeconfig, set KUBECONFIG, or run in a Pod");
    }

    [Fact]
    public void Throws_for_a_given_file_that_does_not_exist_instead_of_using_KUBECONFIG()
    {
        _environment["KUBECONFIG"] = Write("from-environment");

        Should.Throw<KubeConfigException>(() => Locate(_folder.PathOf("nowhere")));
    }

    [Fact]
    public void Rejects_a_context_that_the_kubeconfig_does_not_have()
    {
        Should.Throw<KubeConfigException>(() => Locate(Write("named"), "other"))
            .Message.ShouldContain("contexts has no entry named \"other\"; give --context the name of an existing entry");
    }

    [Fact]
    public void Merges_several_files_and_prefers_the_first_entry_of_a_name()
    {
        var first = _folder.Write(
            "first",
            """
            contexts: [{name: blue, context: {cluster: blue}}]
            clusters: [{name: blue, cluster: {server: "https://blue.first.test"}}]
            """);
        var second = _folder.Write(
            "second",
            """
            current-context: green
            contexts: [{name: green, context: {cluster: green}}, {name: blue, context: {cluster: green}}]
            clusters:
            - {name: green, cluster: {server: "https://green.second.test"}}
            - {name: blue, cluster: {server: "https://blue.second.test"}}
            """);
        var third = _folder.Write("third", "current-context: blue\n");
        _environment["KUBECONFIG"] = $"{first}:{second}:{third}";

        Locate(null).ShouldBe("green.second.test", "the first file that sets current-context takes precedence");
        Locate(null, "blue").ShouldBe("blue.first.test", "a later entry of the same name is ignored");
    }

    [Fact]
    public void Skips_missing_and_empty_files_in_KUBECONFIG()
    {
        var empty = _folder.Write("empty", "");
        _environment["KUBECONFIG"] = $":{_folder.PathOf("missing")}::{empty}:{Write("there")}:{Write("there")}:";

        Locate(null).ShouldBe("there.test");
    }

    [Fact]
    public void Resolves_relative_paths_against_the_folder_of_each_file()
    {
        _folder.Write("one/ca.crt", "not a certificate");
        _folder.Write("two/ca.crt", _folder.Authority);
        var one = _folder.Write("one/config", "current-context: east\ncontexts: [{name: east, context: {cluster: east}}]");
        var two = _folder.Write(
            "two/config", "clusters: [{name: east, cluster: {server: 'https://east.test', certificate-authority: ca.crt}}]");
        _environment["KUBECONFIG"] = $"{one}:{two}";

        new ConfigurationLocator(_environment, () => false).Locate(null, null).Connect().Authorities!.Count.ShouldBe(1);
    }

    [Fact]
    public void Names_the_invalid_one_of_several_files()
    {
        var one = _folder.Write("one", "current-context: east\ncontexts: [{name: east, context: {cluster: east}}]");
        var two = _folder.Write("two", "clusters: [{name: east, cluster: {server: east.test}}]");

        Refused(one, two)
            .ShouldBe($"kubeconfig {two}: clusters[east].cluster.server must be an https:// address; write it as https://HOST:PORT");
        Refused(one, _folder.Write("garbage", "{[")).ShouldStartWith($"kubeconfig {_folder.PathOf("garbage")}: line 2 is not YAML");
        Refused(one, _folder.PathOf(".")).ShouldContain("cannot be read: it is a folder");
        Refused(two, two + "-missing").ShouldStartWith($"kubeconfig {two}:{two}-missing: current-context is not set");
        Refused(one, one + "-missing")
            .ShouldStartWith($"kubeconfig {one}: contexts[east].context.cluster names \"east\", which is not in clusters");
        Refused(one + "-missing", two + "-missing").ShouldContain("none of these files exists; correct the paths");
    }

    [Fact]
    public void Rejects_a_context_for_the_in_cluster_configuration()
    {
        var locator = new ConfigurationLocator(_environment, () => true);

        Should.Throw<KubeConfigException>(() => locator.Locate(null, "east")).Message.ShouldStartWith("--context: a Pod's own configuration has no contexts");
    }

    [Fact]
    public void Prefers_the_home_directory_to_the_Pod_only_if_it_is_asked_to()
    {
        Write("at-home", "home/.kube/config");
        _environment["HOME"] = _folder.PathOf("home");

        new ConfigurationLocator(_environment, () => true) { PrefersHome = true }.Locate(null, null).Address.Host.ShouldBe("at-home.test");
        Should.Throw<KubeConfigException>(() => new ConfigurationLocator(_environment, () => true).Locate(null, "one"))
            .Message.ShouldStartWith("--context: a Pod's own configuration has no contexts");
    }

    [Fact]
    public void Uses_the_Pod_if_there_is_no_kubeconfig_in_the_home_directory()
    {
        _environment["HOME"] = _folder.PathOf("home");

        Should.Throw<KubeConfigException>(() => new ConfigurationLocator(_environment, () => true) { PrefersHome = true }.Locate(null, "one"))
            .Message.ShouldStartWith("--context: a Pod's own configuration has no contexts");
    }

    [Theory]
    [InlineData("named")]
    [InlineData("KUBECONFIG")]
    [InlineData("home")]
    public void Applies_the_policy_to_every_file(string source)
    {
        var path = _folder.Write(
            "home/.kube/config",
            "{current-context: x, contexts: [{name: x, context: {cluster: x}}], clusters: [{name: x, cluster: {server: 'http://localhost:8001'}}]}");
        _environment[source == "KUBECONFIG" ? "KUBECONFIG" : "HOME"] = source == "KUBECONFIG" ? path : _folder.PathOf("home");
        var named = source == "named" ? path : null;

        new ConfigurationLocator(_environment, () => false) { Policy = KubeConfigPolicy.CreatePersonal(_ => { }) }
            .Locate(named, null).Address.ToString().ShouldBe("http://localhost:8001/");
        Should.Throw<KubeConfigException>(() => new ConfigurationLocator(_environment, () => false).Locate(named, null))
            .Message.ShouldContain("must be an https:// address");
    }

    private string Refused(params string[] files)
    {
        _environment["KUBECONFIG"] = string.Join(':', files);
        return Should.Throw<KubeConfigException>(() => Locate(null)).Message;
    }

    private string Locate(string? kubeconfig, string? context = null) =>
        new ConfigurationLocator(_environment, () => false).Locate(kubeconfig, context).Address.Host;

    private string Write(string name, string? path = null) => _folder.Write(
        path ?? name,
        $$"""
        current-context: one
        contexts: [{name: one, context: {cluster: one} }]
        clusters: [{name: one, cluster: {server: "https://{{name}}.test"} }]
        """);
}
