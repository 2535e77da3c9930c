using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Validates one or more kubeconfigs and gives the client library what it needs of them. They are read as kubectl does: for each entry and
/// for the current context, the first that has it counts. What switches verification off (<c>insecure-skip-tls-verify</c>) is refused with
/// the reason, unless the policy is that of a person. What runs a program is refused; <c>exec</c> is allowed in files on disk.
/// </summary>
internal static class KubeConfigReader
{
    private const string NoProgram = "programs are not run; use a token or a client certificate";

    // Without impersonation, the operator would act with more rights than intended.
    private const string NoImpersonation = "impersonation; use a token or a client certificate of a user with just the rights needed";

    private static readonly (string Field, string Fix)[] _unsupportedClusterFields =
    [
        ("insecure-skip-tls-verify", "give certificate-authority-data instead"),
        ("proxy-url", "reach the API server directly"),
    ];

    private static readonly (string Field, string Fix)[] _unsupportedUserFields =
    [
        ("auth-provider", NoProgram),
        ("username", "Kubernetes no longer supports basic authentication; use a token or a client certificate"),
        ("as", NoImpersonation),
        ("as-uid", NoImpersonation),
        ("as-groups", NoImpersonation),
        ("as-user-extra", NoImpersonation),
    ];

    /// <param name="roots">The kubeconfigs in order of precedence.</param>
    /// <param name="all">The origin for messages about something that no file has.</param>
    /// <param name="wanted">The context; null for the current one.</param>
    /// <exception cref="KubeConfigException">Something in them cannot be used.</exception>
    public static ConnectionSource Read(
        IReadOnlyList<KubeConfigNode> roots, KubeConfigOrigin all, string? wanted, KubeConfigPolicy policy)
    {
        var entry = wanted is null
            ? FindCurrentContext(roots, all)
            : Find(roots, "contexts", wanted)
                ?? throw all.Error($"contexts has no entry named \"{wanted}\"; give --context the name of an existing entry");
        var context = entry.GetMapping("context", "set it to {cluster: NAME, user: NAME}");
        var cluster = FindNamed(roots, context, "cluster", "clusters")
            ?? throw context.Error("cluster", "is missing; name an entry of clusters");
        var user = FindNamed(roots, context, "user", "users");
        return Build(
            context,
            cluster.GetMapping("cluster", "set it to {server: https://HOST:6443}"),
            user?.GetMapping("user", "set it to {token: TOKEN}"),
            policy);
    }

    private static KubeConfigNode FindCurrentContext(IReadOnlyList<KubeConfigNode> roots, KubeConfigOrigin all)
    {
        foreach (var root in roots)
        {
            if (root.GetText("current-context") is { } name)
            {
                return Find(roots, "contexts", name) ?? throw NotFound(root, "current-context", name, "contexts", "context");
            }
        }

        throw all.Error("current-context is not set; set it with `kubectl config use-context NAME`, or name a context with --context");
    }

    // Null when the context names none.
    private static KubeConfigNode? FindNamed(IReadOnlyList<KubeConfigNode> roots, KubeConfigNode context, string field, string list) =>
        context.GetText(field) is not { } name ? null
        : Find(roots, list, name) ?? throw NotFound(context, field, name, list, field);

    private static KubeConfigException NotFound(KubeConfigNode node, string field, string name, string list, string kind)
    {
        var what = node.QuoteName(name) is { } shown ? $"{shown}, which" : $"a {kind} that";
        return node.Error(field, $"names {what} is not in {list}; correct it, or add the {kind}");
    }

    private static KubeConfigNode? Find(IReadOnlyList<KubeConfigNode> roots, string list, string name)
    {
        foreach (var root in roots)
        {
            var found = root.GetEntries(list).Where(entry => entry.Name == name).Select(entry => entry.Entry).ToList();
            if (found.Count > 0)
            {
                return found.Count == 1
                    ? found[0]
                    : throw found[0].Error("", "is defined twice; delete one of the entries with that name");
            }
        }

        return null;
    }

    private static ConnectionSource Build(KubeConfigNode context, KubeConfigNode cluster, KubeConfigNode? user, KubeConfigPolicy policy)
    {
        if (!policy.IsPersonal)
        {
            ThrowIfUnsupported(cluster, _unsupportedClusterFields);
        }

        if (user is not null)
        {
            ThrowIfUnsupported(user, _unsupportedUserFields);
        }

        var program = user is null ? null : KubeConfigExecPlugin.Read(user);
        var credentials = new KubeConfigCredentials(cluster, user);
        var address = ReadServer(cluster, policy.IsPersonal);
        var (proxy, skipsVerification) = policy.IsPersonal ? ReadPersonal(cluster, policy) : (null, false);
        var serverName = ReadTlsServerName(cluster);
        var token = credentials.ReadToken();
        var tokenFile = credentials.ReadTokenFile();
        credentials.ReadTls();
        return new ConnectionSource(
            address,
            () => Connect(address, serverName, token, program, tokenFile, credentials) with
            {
                Proxy = proxy,
                SkipsVerification = skipsVerification,
            })
        {
            Files = credentials.TlsFiles,
            TokenFile = tokenFile,
            UsesExecPlugin = program is not null,
            Namespace = context.GetText("namespace"),
        };
    }

    private static ConnectionSettings Connect(
        Uri address, string? serverName, string? token, ExternalExecution? program, string? tokenFile, KubeConfigCredentials credentials)
    {
        const string name = "kubeconfig";
        var hasUser = token is not null;
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigObject(new K8SConfiguration
        {
            CurrentContext = name,
            Contexts = [new Context { Name = name, ContextDetails = new ContextDetails { Cluster = name, User = hasUser ? name : null } }],
            Clusters = [new Cluster { Name = name, ClusterEndpoint = new() { Server = address.ToString(), TlsServerName = serverName } }],
            Users = [new User { Name = name, UserCredentials = new UserCredentials { Token = token } }],
        });
        if (tokenFile is not null)
        {
            configuration.TokenProvider = new TokenFileAuth(tokenFile);
        }

        var (authorities, clientCertificate) = credentials.ReadTls();
        if (program is not null)
        {
            // Run the plugin here. The library would run it twice: now, and for the first request.
            var credential = KubeConfigExecPlugin.Run(program);
            clientCertificate ??= KubeConfigExecPlugin.ReadClientCertificate(credential);
            if (tokenFile is null && credential.Status.Token is { Length: > 0 })
            {
                configuration.TokenProvider = new ExecPluginTokenProvider(program, credential);
            }
        }

        return new ConnectionSettings(configuration, authorities, clientCertificate);
    }

    private static void ThrowIfUnsupported(KubeConfigNode node, (string Field, string Fix)[] unsupported)
    {
        foreach (var (field, fix) in unsupported)
        {
            if (node.Has(field) && !(field == "insecure-skip-tls-verify" && node.GetText(field) == "false"))
            {
                throw node.Error(field, $"is not supported: {fix}");
            }
        }
    }

    // Called for a person's kubeconfig only.
    private static (Uri? Proxy, bool SkipsVerification) ReadPersonal(KubeConfigNode cluster, KubeConfigPolicy policy)
    {
        var skipsVerification = cluster.GetText("insecure-skip-tls-verify") is { } text
            && (bool.TryParse(text, out var skips) ? skips : throw cluster.Error("insecure-skip-tls-verify", "must be true or false"));
        if (skipsVerification)
        {
            policy.Warn(
                "the certificate of the API server is not verified (insecure-skip-tls-verify), so another server can impersonate it;"
                    + " set certificate-authority-data instead");
        }

        return cluster.GetText("proxy-url") is not { } url ? (null, skipsVerification)
            : Uri.TryCreate(url, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5" ? (proxy, skipsVerification)
            : throw cluster.Error("proxy-url", "must be an http://, https:// or socks5:// address");
    }

    private static Uri ReadServer(KubeConfigNode cluster, bool allowsHttp)
    {
        var server = cluster.GetRequiredText("server", "set it to the address of the API server, such as https://10.0.0.1:6443");
        if (!Uri.TryCreate(server.TrimEnd('/') + "/", UriKind.Absolute, out var host)
            || (host.Scheme != Uri.UriSchemeHttps && !(allowsHttp && host.Scheme == Uri.UriSchemeHttp)))
        {
            throw cluster.Error("server", "must be an https:// address; write it as https://HOST:PORT");
        }

        return host is { UserInfo: "", Query: "", Fragment: "" }
            ? host
            : throw cluster.Error(
                "server", "must have no user, query or fragment; write it as https://HOST:PORT and put credentials in users");
    }

    private static string? ReadTlsServerName(KubeConfigNode cluster) =>
        cluster.GetText("tls-server-name") is not { } name ? null
        : Uri.CheckHostName(name) != UriHostNameType.Unknown ? name
        : throw cluster.Error(
            "tls-server-name", "is neither a host name nor an IP address; write a name that the server's certificate has, without a port");
}
