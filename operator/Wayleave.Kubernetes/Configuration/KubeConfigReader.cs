using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Understands a kubeconfig. What would run a program (<c>exec</c>, <c>auth-provider</c>) or switch verification off
/// (<c>insecure-skip-tls-verify</c>) is refused with the reason.
/// </summary>
internal sealed class KubeConfigReader(TimeProvider time)
{
    /// <exception cref="KubeConfigException">Something in it cannot be used.</exception>
    public KubernetesClientConfiguration Read(KubeConfigNode root, string? wanted, KubeConfigFiles files)
    {
        var name = wanted ?? root.Text("current-context") ?? throw new KubeConfigException("current-context is not set; set it with `kubectl config use-context`.");
        var context = root.Named("contexts", name).Child("context");
        var cluster = root.Named("clusters", context.Required("cluster")).Child("cluster");
        var user = context.Text("user") is { } userName ? root.Named("users", userName).Child("user") : null;
        return Build(context, cluster, user, files);
    }

    private KubernetesClientConfiguration Build(KubeConfigNode context, KubeConfigNode cluster, KubeConfigNode? user, KubeConfigFiles files)
    {
        Refuse(cluster, "insecure-skip-tls-verify", "give certificate-authority-data instead");
        Refuse(cluster, "proxy-url", "reach the API server directly");
        if (user is not null)
        {
            Refuse(user, "exec", "use a token or a client certificate; no program is run");
            Refuse(user, "auth-provider", "use a token or a client certificate; no program is run");
            Refuse(user, "username", "basic authentication is gone from Kubernetes; use a token or a client certificate");

            // Going on without it would be to act with more rights than were meant.
            foreach (var field in new[] { "as", "as-uid", "as-groups", "as-user-extra" })
            {
                Refuse(user, field, "impersonation; use a token or a client certificate of a user with just the rights needed");
            }
        }

        return new KubernetesClientConfiguration
        {
            Host = Server(cluster),
            SslCaCerts = files.Bytes(cluster, "certificate-authority") is { } pem ? Certificates(cluster, pem) : null,
            TlsServerName = cluster.Text("tls-server-name"),
            ClientCertificate = user is null ? null : Certificate(user, files),
            TokenProvider = user is null ? null : Token(user, files),
            Namespace = context.Text("namespace"),
        };
    }

    private static void Refuse(KubeConfigNode node, string field, string mend)
    {
        if (node.Has(field) && node.Text(field) is not "false")
        {
            throw new KubeConfigException($"{node.Path}.{field} is not supported: {mend}.");
        }
    }

    private static Uri Server(KubeConfigNode cluster)
    {
        var server = cluster.Required("server");
        return Uri.TryCreate(server.TrimEnd('/') + "/", UriKind.Absolute, out var host) && host.Scheme == Uri.UriSchemeHttps
            ? host
            : throw new KubeConfigException($"{cluster.Path}.server must be an https:// address.");
    }

    private static X509Certificate2Collection Certificates(KubeConfigNode cluster, string pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            // Said below.
        }

        return authorities.Count > 0
            ? authorities
            : throw new KubeConfigException($"{cluster.Path}.certificate-authority has no certificate in PEM form.");
    }

    private static X509Certificate2? Certificate(KubeConfigNode user, KubeConfigFiles files) =>
        (files.Bytes(user, "client-certificate"), files.Bytes(user, "client-key")) switch
        {
            (null, null) => null,
            ({ } certificate, { } key) => KubeConfigFiles.Pair(user, certificate, key),
            _ => throw new KubeConfigException($"{user.Path}: client-certificate and client-key must be given together."),
        };

    private ITokenProvider? Token(KubeConfigNode user, KubeConfigFiles files)
    {
        if (files.Readable(user, "tokenFile") is { } path)
        {
            return new FileTokenProvider(path, time);
        }

        return user.Text("token") is { } token ? new StaticTokenProvider(token) : null;
    }
}
