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

        Should.Throw<KubeConfigException>(() => Locate(null)).Message.ShouldContain("give --kubeconfig, set KUBECONFIG, or run in a Pod");
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
        Should.Throw<KubeConfigException>(() => Locate(Write("named"), "other"))
            .Message.ShouldContain("contexts has no entry named \"other\"; give --context the name of one that is there");
    }

    [Fact]
    public void Several_files_are_merged_and_the_first_that_has_an_entry_counts()
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

        Locate(null).ShouldBe("green.second.test", "the first that sets current-context counts");
        Locate(null, "blue").ShouldBe("blue.first.test", "a later entry of the same name is left out");
    }

    [Fact]
    public void Of_several_files_missing_and_empty_ones_are_skipped()
    {
        var empty = _folder.Write("empty", "");
        _environment["KUBECONFIG"] = $":{_folder.PathOf("missing")}::{empty}:{Write("there")}:{Write("there")}:";

        Locate(null).ShouldBe("there.test");
    }

    [Fact]
    public void Of_several_files_each_resolves_relative_paths_against_its_own_folder()
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
    public void Of_several_files_the_message_names_the_one_with_the_wrong_field()
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
    public void A_context_cannot_be_chosen_where_there_is_no_kubeconfig()
    {
        var locator = new ConfigurationLocator(_environment, () => true);

        Should.Throw<KubeConfigException>(() => locator.Locate(null, "east")).Message.ShouldStartWith("--context: a Pod's own configuration has no contexts");
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
