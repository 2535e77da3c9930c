using k8s.Exceptions;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Configuration;

/// <summary>What a kubeconfig must not contain. The message names the field and the fix, and never shows a credential.</summary>
public sealed class KubeConfigRefusalTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private const string Ed25519Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBMDCB46ADAgECAhRIn5U5rty0UC/37h1djOVu0xeyszAFBgMrZXAwDTELMAkG
        A1UEAwwCZWQwIBcNMjYxMTI3MTMyODEzWhgPMjEyNjExMDMxMzI4MTNaMA0xCzAJ
        BgNVBAMMAmVkMCowBQYDK2VwAyEAqOF5QTVFcZimeogWznjVABioGRoScGjIFJCk
        GK3QZOijUzBRMB0GA1UdDgQWBBTCWMev2iVtgbiVsCPKaP9LPFianTAfBgNVHSME
        GDAWgBTCWMev2iVtgbiVsCPKaP9LPFianTAPBgNVHRMBAf8EBTADAQH/MAUGAytl
        cANBAMZiasWW5kiqVcW5TjQGeLHUWeSQsf6IN0GsrRHNmcpaVJrKDphwYPDGjVfl
        7kbvJHpE36CTnor3q6/r/p0D+QM=
        -----END CERTIFICATE-----
        """;

    private readonly KubeConfigFolder _folder = new(certificates);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "server: https://api.test, insecure-skip-tls-verify: true",
        "insecure-skip-tls-verify is not supported: give certificate-authority-data instead")]
    [InlineData("server: https://api.test, insecure-skip-tls-verify: True", "insecure-skip-tls-verify is not supported")]
    [InlineData(
        "server: https://api.test, proxy-url: http://user:s3cr3t-t0ken@proxy",
        "proxy-url is not supported: reach the API server directly")]
    [InlineData("server: http://api.test", "server must be an https:// address; write it as https://HOST:PORT")]
    [InlineData("server: api.test", "server must be an https:// address")]
    [InlineData("server: https://", "server must be an https:// address")]
    [InlineData("server: https://api.test:99999", "server must be an https:// address")]
    [InlineData("server: 'https://user:s3cr3t-t0ken@'", "server must be an https:// address")]
    [InlineData("server: 'https://user:s3cr3t-t0ken@api.test'", "server must have no user, query or fragment")]
    [InlineData("server: 'https://api.test/?token=s3cr3t-t0ken'", "server must have no user, query or fragment")]
    [InlineData("other: 1", "server is missing; set it to the address of the API server, such as https://10.0.0.1:6443")]
    [InlineData("server: ''", "server is missing")]
    [InlineData("server: [https://api.test]", "server must be a text; it is a list")]
    [InlineData("server: {https: api.test}", "server must be a text; it is a mapping")]
    [InlineData("server: https://api.test, tls-server-name: 'api.test:6443'", "tls-server-name is neither a host name nor an IP address")]
    [InlineData(
        "server: https://api.test, certificate-authority-data: '!!! s3cr3t-t0ken'",
        "certificate-authority-data is not base64; encode the file with `base64 -w0`")]
    [InlineData(
        "server: https://api.test, certificate-authority-data: czNjcjN0",
        "certificate-authority-data has no certificate in PEM form")]
    [InlineData("server: https://api.test, certificate-authority-data: [a]", "certificate-authority-data must be a text; it is a list")]
    [InlineData(
        "server: https://api.test, certificate-authority: broken.crt",
        "certificate-authority has a certificate that cannot be read")]
    [InlineData(
        "server: https://api.test, certificate-authority: half-broken.crt",
        "certificate-authority has a certificate that cannot be read")]
    [InlineData(
        "server: https://api.test, certificate-authority: nowhere.crt",
        "certificate-authority names a file that cannot be read: it does not exist; correct the path")]
    [InlineData(
        "server: https://api.test, certificate-authority: .",
        "certificate-authority names a file that cannot be read: it is a folder")]
    [InlineData(
        "server: https://api.test, certificate-authority: \"a\\0b\"",
        "certificate-authority has an invalid path; correct it")]
    [InlineData(
        "server: https://api.test, certificate-authority: /dev/zero",
        "certificate-authority names a file of more than 1048576 bytes")]
    public void Rejects_a_cluster_and_names_its_invalid_field(string cluster, string message)
    {
        const string broken = "-----BEGIN CERTIFICATE-----\nczNjcjN0\n-----END CERTIFICATE-----\n";
        _folder.Write("broken.crt", broken);
        _folder.Write("half-broken.crt", _folder.Authority + "\n" + broken);

        Refused(() => _folder.Read(cluster)).ShouldContain($": clusters[east].cluster.{message}");
    }

    [Theory]
    [InlineData(
        "exec: {command: /bin/steal, args: [s3cr3t-t0ken]}",
        "exec.apiVersion is missing; set it to client.authentication.k8s.io/v1")]
    [InlineData(
        "auth-provider: {name: oidc, config: {id-token: s3cr3t-t0ken}}",
        "auth-provider is not supported: programs are not run; use a token or a client certificate")]
    [InlineData("username: admin, password: s3cr3t-t0ken", "username is not supported: Kubernetes no longer supports basic authentication")]
    [InlineData("token: s3cr3t-t0ken, as: someone-with-fewer-rights", "as is not supported: impersonation")]
    [InlineData("token: s3cr3t-t0ken, as-groups: [few]", "as-groups is not supported: impersonation")]
    [InlineData("token: s3cr3t-t0ken, as-uid: '7'", "as-uid is not supported: impersonation")]
    [InlineData("token: s3cr3t-t0ken, as-user-extra: {a: [b]}", "as-user-extra is not supported: impersonation")]
    [InlineData(
        "client-certificate: tls/client.crt",
        "client-key is missing although there is a client-certificate; give both, or neither")]
    [InlineData("client-key: tls/client.key", "client-certificate is missing although there is a client-key; give both, or neither")]
    [InlineData(
        "client-certificate: ca.crt, client-key: tls/client.key",
        "client-key is not the key of client-certificate, or is damaged; give the key that the certificate was issued for")]
    [InlineData(
        "client-certificate: token, client-key: tls/client.key",
        "client-certificate has no certificate in PEM form that can be read")]
    [InlineData("client-certificate: tls/client.crt, client-key: token", "client-key has no private key in PEM form")]
    [InlineData("client-certificate: tls/client.crt, client-key: tls/client.crt", "client-key has no private key in PEM form")]
    [InlineData(
        "client-certificate: tls/client.crt, client-key: broken.key",
        "client-key is not the key of client-certificate, or is damaged")]
    [InlineData("client-certificate: tls/client.crt, client-key: locked.key", "client-key is encrypted; give the key without a passphrase")]
    [InlineData(
        "client-certificate: tls/client.crt, client-key: old-locked.key",
        "client-key is encrypted; give the key without a passphrase")]
    [InlineData(
        "client-certificate: ed25519.crt, client-key: tls/client.key",
        "client-certificate has a kind of key that is not supported; use a certificate with an RSA or an ECDSA key")]
    [InlineData("client-certificate: tls/client.crt, client-key-data: s3cr3t-t0ken", "client-key-data is not base64")]
    [InlineData(
        "client-certificate: tls/client.crt, client-key: nowhere.key",
        "client-key names a file that cannot be read: it does not exist")]
    [InlineData(
        "client-certificate: tls/client.crt, client-key: '-----BEGIN PRIVATE KEY----- s3cr3t-t0ken'",
        "client-key names a file that cannot be read")]
    [InlineData("tokenFile: s3cr3t-t0ken", "tokenFile names a file that cannot be read: it does not exist; correct the path")]
    [InlineData("tokenFile: [token]", "tokenFile must be a text; it is a list")]
    [InlineData("token: {value: s3cr3t-t0ken}", "token must be a text; it is a mapping")]
    [InlineData("token: 's3cr3t-t0ken s3cr3t-t0ken'", "token has a space, a line break or another character that no token has")]
    [InlineData("token: \"s3cr3t-t0ken\\nX-Remote-User: admin\"", "token has a space, a line break or another character that no token has")]
    public void Rejects_a_user_and_names_its_invalid_field(string user, string message)
    {
        _folder.Write("broken.key", "-----BEGIN PRIVATE KEY-----\nczNjcjN0\n-----END PRIVATE KEY-----\n");
        _folder.Write(
            "old-locked.key",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\nczNjcjN0\n-----END RSA PRIVATE KEY-----\n");
        _folder.Write("ed25519.crt", Ed25519Certificate);
        _folder.Write("locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nczNjcjN0\n-----END ENCRYPTED PRIVATE KEY-----\n");

        Refused(() => _folder.Read(user: user)).ShouldContain($": users[me].user.{message}");
    }

    [Theory]
    [InlineData("", "it is empty; give a kubeconfig with clusters, contexts and users")]
    [InlineData("# nothing\n", "it is empty")]
    [InlineData("---\n", "it is empty")]
    [InlineData("~", "it is empty")]
    [InlineData("just words s3cr3t-t0ken", "it must be a mapping with clusters, contexts and users; it is a text")]
    [InlineData("- a\n- list", "it must be a mapping with clusters, contexts and users; it is a list")]
    [InlineData("a: b\n  token: s3cr3t-t0ken\n c: [", "line 2 is not YAML, or repeats a key; correct it")]
    [InlineData("a: {b: c", "is not YAML")]
    [InlineData("a: 1\na: 2", "is not YAML, or repeats a key")]
    [InlineData("\u0001\u0002s3cr3t-t0ken", "it must be a mapping")]
    [InlineData("a: *s3cr3t-t0ken", "line 1 has an anchor or an alias; write the value out")]
    [InlineData("a: &s3cr3t-t0ken [x]\nb: [*s3cr3t-t0ken, *s3cr3t-t0ken]", "line 1 has an anchor or an alias; write the value out")]
    [InlineData("kind: Secret\ndata: {token: s3cr3t-t0ken}", "kind must be Config; give a kubeconfig, not another kind of object")]
    [InlineData(
        "kind: Config",
        "current-context is not set; set it with `kubectl config use-context NAME`, or name a context with --context")]
    [InlineData("current-context: [x]", "current-context must be a text; it is a list")]
    [InlineData("current-context: x", "current-context names \"x\", which is not in contexts; correct it, or add the context")]
    [InlineData("current-context: x\ncontexts: {x: y}", "contexts must be a list of entries that each have a name; it is a mapping")]
    [InlineData("current-context: x\ncontexts: x", "contexts must be a list of entries that each have a name; it is a text")]
    [InlineData("current-context: x\ncontexts: [x]", "contexts[0] must be a mapping with a name; it is a text")]
    [InlineData("current-context: x\ncontexts: [{name: y}, null]", "contexts[1] must be a mapping with a name; it is empty")]
    [InlineData("current-context: x\ncontexts: [{name: y}, {context: {}}]", "contexts[1].name is missing; give the entry a name")]
    [InlineData("current-context: x\ncontexts: [{name: [x]}]", "contexts[0].name must be a text; it is a list")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x}, {name: x}]",
        "contexts[x] is defined twice; delete one of the entries with that name")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x}]",
        "contexts[x].context is missing; set it to {cluster: NAME, user: NAME}")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: c}]", "contexts[x].context must be a mapping; it is a text")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {user: u}}]",
        "contexts[x].context.cluster is missing; name an entry of clusters")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: [c]}}]",
        "contexts[x].context.cluster must be a text; it is a list")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]",
        "contexts[x].context.cluster names \"c\", which is not in clusters; correct it, or add the cluster")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c}]",
        "clusters[c].cluster is missing; set it to {server: https://HOST:6443}")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: [server]}]",
        "clusters[c].cluster must be a mapping; it is a list")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://a'}}]",
        "contexts[x].context.user names \"u\", which is not in users; correct it, or add the user")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nusers: [{name: u}]\n"
        + "clusters: [{name: c, cluster: {server: 'https://a'}}]",
        "users[u].user is missing; set it to {token: TOKEN}")]
    public void Rejects_a_malformed_file_and_names_the_problem(string text, string message)
    {
        Refused(() => _folder.ReadText(text)).ShouldContain(message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Rejects_deeply_nested_YAML_without_crashing(string nest)
    {
        Refused(() => _folder.ReadText(string.Concat(Enumerable.Repeat(nest, 100_000)))).ShouldContain("nested too deep");
    }

    [Fact]
    public void Names_the_path_of_a_file_that_cannot_be_read()
    {
        var path = _folder.PathOf("nowhere");

        Refused(() => KubeConfigFile.Read(path))
            .ShouldBe($"kubeconfig {path} cannot be read: it does not exist; correct the path");
        Refused(() => KubeConfigFile.Read(_folder.PathOf("tls"))).ShouldContain("cannot be read");
    }

    [Fact]
    public void Rejects_a_file_above_the_maximum_size()
    {
        Refused(() => _folder.ReadText(new string('#', (1024 * 1024) + 1)))
            .ShouldContain("it is larger than 1048576 bytes; keep just the contexts that are used");
    }

    [Fact]
    public void Rejects_an_endless_device() =>
        Refused(() => KubeConfigFile.Read("/dev/zero")).ShouldContain("it is larger than 1048576 bytes");

    [Fact]
    public void Rejects_nested_and_recursive_YAML_aliases()
    {
        var levels = Enumerable.Range(1, 60).Select(level => $"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n");
        var bomb = "a0: &a0 [x, x]\n" + string.Concat(levels);

        Refused(() => _folder.ReadText(bomb)).ShouldContain("line 1 has an anchor or an alias");
        Refused(() => _folder.ReadText("a: &a [*a]")).ShouldContain("has an anchor or an alias");
    }

    [Fact]
    public void Reads_or_rejects_any_value_of_any_field_and_shows_no_credential()
    {
        string[] others =
        [
            "null", "''", "5", "true", "[]", "{}", "[s3cr3t-t0ken]", "{s3cr3t-t0ken: s3cr3t-t0ken}", "[[[[]]]]", "s3cr3t-t0ken",
            "'s3cr3t-t0ken\u0007'", "!!binary s3cr3t-t0ken", "2026-01-01", ".nan", "|\n  s3cr3t-t0ken\n  s3cr3t-t0ken",
        ];
        var embedded = KubeConfigFolder.Base64(_folder.Authority);
        string[] lines =
        [
            "apiVersion: v1", "kind: Config", "current-context: here", "contexts:", "- name: here", "  context:", "    cluster: east",
            "    user: me", "    namespace: shop", "clusters:", "- name: east", "  cluster:", "    server: https://api.test:6443",
            $"    certificate-authority-data: {embedded}",
            "    tls-server-name: api.test", "users:", "- name: me", "  user:", "    token: s3cr3t-t0ken",
            "    client-certificate: tls/client.crt", "    client-key: tls/client.key",
        ];
        var refused = 0;
        for (var line = 0; line < lines.Length; line++)
        {
            // Messages show the names of entries, so that a reader can find them.
            string[] names = ["name: here", "name: east", "name: me", "cluster: east", "user: me", "current-context: here"];
            var isName = names.Contains(lines[line].TrimStart(' ', '-'));
            foreach (var other in others)
            {
                // Replace the value on the line and everything nested under it.
                var indent = lines[line].Length - lines[line].TrimStart(' ', '-').Length;
                var rest = lines[(line + 1)..].SkipWhile(next => next.Length - next.TrimStart(' ', '-').Length > indent);
                var key = lines[line][..(lines[line].IndexOf(':', StringComparison.Ordinal) + 1)];
                string[] changed = [.. lines[..line], $"{key} {other}", .. rest];
                try
                {
                    _folder.ReadText(string.Join('\n', changed));
                }
                catch (KubeConfigException error)
                {
                    refused++;
                    error.Message.ShouldStartWith("kubeconfig /");
                    error.Message.ShouldContain(";", customMessage: "it says how to fix it");
                    if (!isName)
                    {
                        error.Message.ShouldNotContain(KubeConfigFolder.Token);
                    }
                }
            }
        }

        refused.ShouldBeGreaterThan(150);
    }

    [Fact]
    public void Rejects_random_bytes_with_KubeConfigException()
    {
        var random = new Random(4);
        for (var tries = 0; tries < 300; tries++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var path = _folder.PathOf("garbage");
            File.WriteAllBytes(path, bytes);

            Should.Throw<KubeConfigException>(() => KubeConfigFile.Read(path));
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
