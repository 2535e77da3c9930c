using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Configuration;

/// <summary>What a kubeconfig may not say, and that the message names the field and the mend and never a credential.</summary>
public sealed class KubeConfigRefusalTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private readonly KubeConfigFolder _folder = new(certificates);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("server: https://api.test, insecure-skip-tls-verify: true", "clusters[east].cluster.insecure-skip-tls-verify is not supported: give certificate-authority-data instead.")]
    [InlineData("server: https://api.test, insecure-skip-tls-verify: True", "clusters[east].cluster.insecure-skip-tls-verify is not supported")]
    [InlineData("server: https://api.test, proxy-url: http://user:s3cr3t-t0ken@proxy", "clusters[east].cluster.proxy-url is not supported: reach the API server directly.")]
    [InlineData("server: http://api.test", "clusters[east].cluster.server must be an https:// address.")]
    [InlineData("server: api.test", "clusters[east].cluster.server must be an https:// address.")]
    [InlineData("server: 'https://user:s3cr3t-t0ken@'", "clusters[east].cluster.server must be an https:// address.")]
    [InlineData("other: 1", "clusters[east].cluster.server is missing.")]
    [InlineData("server: ''", "clusters[east].cluster.server is missing.")]
    [InlineData("server: [https://api.test]", "clusters[east].cluster.server is missing.")]
    [InlineData("server: https://api.test, certificate-authority-data: '!!! s3cr3t-t0ken'", "clusters[east].cluster.certificate-authority-data is not base64.")]
    [InlineData("server: https://api.test, certificate-authority-data: czNjcjN0", "clusters[east].cluster.certificate-authority has no certificate in PEM form.")]
    [InlineData("server: https://api.test, certificate-authority: broken.crt", "clusters[east].cluster.certificate-authority has no certificate in PEM form.")]
    [InlineData("server: https://api.test, certificate-authority: nowhere.crt", "clusters[east].cluster.certificate-authority names a file that cannot be read.")]
    [InlineData("server: https://api.test, certificate-authority: .", "clusters[east].cluster.certificate-authority names a file that cannot be read.")]
    [InlineData("server: https://api.test, certificate-authority: \"a\\0b\"", "clusters[east].cluster.certificate-authority names a file that cannot be read.")]
    public void A_cluster_that_cannot_be_used_is_refused(string cluster, string message)
    {
        _folder.Write("broken.crt", "-----BEGIN CERTIFICATE-----\nczNjcjN0\n-----END CERTIFICATE-----\n");

        Refused(() => _folder.Read(cluster)).ShouldContain(message);
    }

    [Theory]
    [InlineData("exec: {command: /bin/steal, args: [s3cr3t-t0ken]}", "users[me].user.exec is not supported: use a token or a client certificate; no program is run.")]
    [InlineData("auth-provider: {name: oidc, config: {id-token: s3cr3t-t0ken}}", "users[me].user.auth-provider is not supported: use a token or a client certificate; no program is run.")]
    [InlineData("username: admin, password: s3cr3t-t0ken", "users[me].user.username is not supported: basic authentication is gone")]
    [InlineData("token: s3cr3t-t0ken, as: someone-with-fewer-rights", "users[me].user.as is not supported: impersonation")]
    [InlineData("token: s3cr3t-t0ken, as-groups: [few]", "users[me].user.as-groups is not supported: impersonation")]
    [InlineData("token: s3cr3t-t0ken, as-uid: '7'", "users[me].user.as-uid is not supported: impersonation")]
    [InlineData("token: s3cr3t-t0ken, as-user-extra: {a: [b]}", "users[me].user.as-user-extra is not supported: impersonation")]
    [InlineData("client-certificate: tls/client.crt", "users[me].user: client-certificate and client-key must be given together.")]
    [InlineData("client-key: tls/client.key", "users[me].user: client-certificate and client-key must be given together.")]
    [InlineData("client-certificate: ca.crt, client-key: tls/client.key", "users[me].user: client-certificate and client-key are not a matching PEM pair.")]
    [InlineData("client-certificate: tls/client.crt, client-key: token", "users[me].user: client-certificate and client-key are not a matching PEM pair.")]
    [InlineData("client-certificate: tls/client.crt, client-key-data: s3cr3t-t0ken", "users[me].user.client-key-data is not base64.")]
    [InlineData("client-certificate: tls/client.crt, client-key: nowhere.key", "users[me].user.client-key names a file that cannot be read.")]
    [InlineData("client-certificate: tls/client.crt, client-key: '-----BEGIN PRIVATE KEY----- s3cr3t-t0ken'", "users[me].user.client-key names a file that cannot be read.")]
    [InlineData("tokenFile: s3cr3t-t0ken", "users[me].user.tokenFile names a file that cannot be read.")]
    public void A_user_that_cannot_be_used_is_refused(string user, string message)
    {
        Refused(() => _folder.Read(user: user)).ShouldContain(message);
    }

    [Theory]
    [InlineData("", "it is empty, or not a mapping.")]
    [InlineData("# nothing\n", "it is empty, or not a mapping.")]
    [InlineData("just words s3cr3t-t0ken", "it is empty, or not a mapping.")]
    [InlineData("- a\n- list", "it is empty, or not a mapping.")]
    [InlineData("a: b\n  token: s3cr3t-t0ken\n c: [", "is not YAML.")]
    [InlineData("a: *s3cr3t-t0ken", "is not YAML.")]
    [InlineData("a: {b: c", "is not YAML.")]
    [InlineData("a: 1\na: 2", "is not YAML.")]
    [InlineData("\u0001\u0002s3cr3t-t0ken", "it is empty, or not a mapping.")]
    [InlineData("kind: Config", "current-context is not set; set it with `kubectl config use-context`.")]
    [InlineData("current-context: x", "contexts has no entry named x.")]
    [InlineData("current-context: x\ncontexts: {x: y}", "contexts has no entry named x.")]
    [InlineData("current-context: x\ncontexts: [x, null, 5, {name: [x]}, {name: y}]", "contexts has no entry named x.")]
    [InlineData("current-context: x\ncontexts: [{name: x}]", "contexts[x].context is missing.")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {}}]", "contexts[x].context.cluster is missing.")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]", "clusters has no entry named c.")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://a'}}]", "users has no entry named u.")]
    public void A_file_that_makes_no_sense_is_refused(string text, string message)
    {
        Refused(() => _folder.ReadText(text)).ShouldContain(message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void A_file_that_nests_without_end_is_refused_and_does_not_take_the_process_with_it(string nest)
    {
        Refused(() => _folder.ReadText(string.Concat(Enumerable.Repeat(nest, 100_000)))).ShouldContain("is not YAML");
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused_by_name()
    {
        var path = _folder.PathOf("nowhere");

        Refused(() => new KubeConfigFile(_folder.Time).Read(path)).ShouldContain($"kubeconfig {path} cannot be read");
        Refused(() => new KubeConfigFile(_folder.Time).Read(_folder.PathOf("tls"))).ShouldContain("cannot be read");
    }

    [Fact]
    public void A_huge_file_is_not_even_read()
    {
        Refused(() => _folder.ReadText(new string('#', (1024 * 1024) + 1))).ShouldContain("larger than 1048576 bytes.");
    }

    [Fact]
    public void Whatever_bytes_a_file_has_it_is_refused_in_the_same_way()
    {
        var random = new Random(4);
        for (var tries = 0; tries < 300; tries++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var path = _folder.PathOf("garbage");
            File.WriteAllBytes(path, bytes);

            Should.Throw<KubeConfigException>(() => new KubeConfigFile(_folder.Time).Read(path));
        }
    }

    private string Refused(Action read)
    {
        var error = Should.Throw<KubeConfigException>(read);
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            inner.Message.ShouldNotContain(KubeConfigFolder.Token);
            inner.Message.ShouldNotContain("BEGIN PRIVATE KEY");
        }

        error.Message.ShouldStartWith("kubeconfig /");
        return error.Message;
    }
}
