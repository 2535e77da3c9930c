using System.Text;
using k8s.Exceptions;
using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Kubernetes.Tests.Configuration;

/// <summary>An untrusted kubeconfig: what is rejected. No message quotes a value or a name.</summary>
public sealed class KubeConfigDataTests
{
    private const string Secret = "c4n4ry";

    [Fact]
    public void Reads_a_minimal_kubeconfig()
    {
        var configuration = Read(Config());

        configuration.Address.ShouldBe(new Uri("https://east.example.com:6443/"));
        configuration.Build().AccessToken.ShouldBe(Secret);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\uFEFF", "it is empty")]
    [InlineData("[1, 2]", "it must be a mapping with clusters, contexts and users; it is a list")]
    [InlineData("{a: [", "is not YAML")]
    [InlineData("contexts: []", "contexts has no entry; give one")]
    [InlineData("contexts: [{name: a}, {name: b}]", "contexts has 2 entries")]
    [InlineData("a: &x [c4n4ry]\nb: [*x, *x]", "anchor or an alias")]
    [InlineData("a: &x c4n4ry", "anchor or an alias")]
    public void Rejects_a_malformed_kubeconfig(string text, string message) => Refusal(text).ShouldContain(message);

    [Theory]
    [InlineData("exec: {command: c4n4ry}", "exec is not supported")]
    [InlineData("auth-provider: {name: c4n4ry}", "auth-provider is not supported")]
    [InlineData("tokenFile: /var/run/c4n4ry", "tokenFile names a file, but files are not read here")]
    [InlineData("client-certificate: /etc/c4n4ry.crt, client-key: /etc/c4n4ry.key", "client-certificate names a file, but files are not read here")]
    [InlineData("client-certificate-data: '!c4n4ry'", "client-certificate-data is not base64")]
    [InlineData("as: c4n4ry", "as is not supported")]
    [InlineData("username: c4n4ry, password: c4n4ry", "username is not supported")]
    public void Rejects_an_unsupported_or_malformed_user(string user, string message) => Refusal(Config(user: user)).ShouldContain(message);

    [Theory]
    [InlineData("insecure-skip-tls-verify: true", "insecure-skip-tls-verify is not supported")]
    [InlineData("proxy-url: 'http://c4n4ry:3128'", "proxy-url is not supported")]
    [InlineData("certificate-authority: /etc/c4n4ry", "certificate-authority names a file, but files are not read here")]
    [InlineData("certificate-authority-data: YWJj", "no certificate in PEM form")]
    public void Rejects_an_unsupported_or_malformed_cluster(string cluster, string message) => Refusal(Config(cluster: ", " + cluster)).ShouldContain(message);

    [Theory]
    [InlineData("http://east.example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("c4n4ry")]
    public void Rejects_a_server_that_is_not_https(string server) => Refusal(Config(server)).ShouldContain("server must be an https:// address");

    [Fact]
    public void Rejects_an_oversized_kubeconfig_without_parsing_it() =>
        Refusal(new string('[', 2 * 1024 * 1024)).ShouldContain("larger than 262144 bytes");

    [Fact]
    public void Rejects_deeply_nested_YAML() => Refusal(new string('[', 100_000)).ShouldContain("nested too deep");

    [Fact]
    public void Rejects_a_current_context_that_does_not_exist() =>
        Refusal("current-context: c4n4ry\n" + Config()).ShouldContain("current-context names a context that is not in contexts");

    [Fact]
    public void Identifies_an_entry_by_its_number_instead_of_its_name()
    {
        Refusal("contexts: [{name: c4n4ry, context: {cluster: c4n4ry}}]")
            .ShouldContain("contexts[0].context.cluster names a cluster that is not in clusters");
        Refusal("contexts: [{name: c4n4ry, context: {cluster: c4n4ry}}]\nclusters: [{name: other}, {name: c4n4ry, cluster: {}}]")
            .ShouldContain("clusters[1].cluster.server is missing");
    }

    [Fact]
    public void Reads_a_kubeconfig_with_a_byte_order_mark() => Read("\uFEFF" + Config()).Address.Host.ShouldBe("east.example.com");

    private static string Config(string server = "https://east.example.com:6443", string cluster = "", string user = "token: c4n4ry") =>
        $$$"""
        contexts: [{name: east, context: {cluster: east, user: east}}]
        clusters: [{name: east, cluster: {server: "{{{server}}}"{{{cluster}}}}}]
        users: [{name: east, user: { {{{user}}} }}]
        """;

    private static ConnectionSource Read(string text) => KubeConfigData.Read(Encoding.UTF8.GetBytes(text));

    private static string Refusal(string text)
    {
        var message = Should.Throw<KubeConfigException>(() => Read(text)).Message;
        message.ShouldNotContain(Secret);
        return message;
    }
}
