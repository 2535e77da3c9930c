using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>Where an API server is, and how to build the client library's configuration for it, again when its files change.</summary>
/// <param name="Connect">Reads the files. Throws <see cref="KubeConfigException"/>.</param>
public sealed record ConnectionSource(Uri Address, Func<ConnectionSettings> Connect)
{
    /// <summary>The files of certificates and keys; none if they are embedded.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The file that the token is in, which the library reads again once a minute; null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Whether an exec plugin creates the credentials, so that they can change although no file changed.</summary>
    public bool UsesExecPlugin { get; init; }

    /// <summary>The namespace of the context, or the Pod's own; null for none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The user agent, which the audit log of the API server shows.</summary>
    public string UserAgent { get; init; } = "wayleave";

    /// <summary>Changes with the content of the files. Null while one of them cannot be read.</summary>
    /// <param name="includesToken">Whether the token file is one of them.</param>
    public string? ComputeFingerprint(bool includesToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            foreach (var path in includesToken && TokenFile is not null ? [.. Files, TokenFile] : Files)
            {
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="KubeConfigException">It cannot be used.</exception>
    public KubernetesClientConfiguration Build() => Connect().ToConfiguration(UserAgent);

    /// <summary>Null while the files do not fit together, for example because only one of two has been replaced.</summary>
    public KubernetesClientConfiguration? TryBuild()
    {
        try
        {
            return Build();
        }
        catch (KubeConfigException)
        {
            return null;
        }
    }
}

/// <summary>The configuration that the client library read, and the certificates that are set on its handler directly.</summary>
/// <param name="Configuration">Address, token or exec plugin, TLS server name.</param>
/// <param name="Authorities">The trusted certificate authorities of the API server. Null for those of the system.</param>
/// <param name="ClientCertificate">With its key; null for none.</param>
public sealed record ConnectionSettings(
    KubernetesClientConfiguration Configuration, X509Certificate2Collection? Authorities, X509Certificate2? ClientCertificate)
{
    /// <summary>The proxy of a person's kubeconfig. Null for none.</summary>
    internal Uri? Proxy { get; init; }

    /// <summary>Whether a person's kubeconfig says not to verify the API server.</summary>
    internal bool SkipsVerification { get; init; }

    /// <summary>
    /// Certificates are set on the library's own handler: the library would trust the system's authorities beside the cluster's, take only
    /// the first certificate of a bundle, and follow addresses in certificates to fetch more.
    /// </summary>
    internal KubernetesClientConfiguration ToConfiguration(string userAgent)
    {
        Configuration.UserAgent = userAgent;
        Configuration.SslCaCerts = null;
        Configuration.ClientCertificateData = Configuration.ClientCertificateKeyData = null;
        Configuration.FirstMessageHandlerSetup = ConfigureHandler;
        if (Configuration.TokenProvider is { } tokens and not CachingTokenProvider)
        {
            Configuration.TokenProvider = new CachingTokenProvider(tokens);
        }

        return Configuration;
    }

    private void ConfigureHandler(SocketsHttpHandler handler)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = Proxy is not null;
        handler.Proxy = Proxy is null ? null : new WebProxy(Proxy);
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        // Detect a dead peer with HTTP/2 pings, so that no watch hangs. WatchDeadline covers HTTP/1.1 and proxies.
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        handler.SslOptions = CreateTlsOptions();
    }

    private SslClientAuthenticationOptions CreateTlsOptions()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (Authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Authorities);
        }

        return new SslClientAuthenticationOptions
        {
#pragma warning disable CA5359 // The user asked for it, and is warned.
            RemoteCertificateValidationCallback = SkipsVerification ? static (_, _, _, _) => true : null,
#pragma warning restore CA5359
            CertificateChainPolicy = policy,
            ClientCertificateContext = ClientCertificate is null
                ? null
                : SslStreamCertificateContext.Create(ClientCertificate, additionalCertificates: null, offline: true),
        };
    }
}

/// <summary>
/// Uses the last token while a newer one cannot be read or is empty. The kubelet replaces the file, and the old token stays valid for
/// minutes. The library's own provider would fail every request in the meantime.
/// </summary>
internal sealed class CachingTokenProvider(ITokenProvider tokens) : ITokenProvider
{
    private AuthenticationHeaderValue? _last;

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var last = Volatile.Read(ref _last);
        try
        {
            var header = await tokens.GetAuthenticationHeaderAsync(cancellationToken);
            if (string.IsNullOrEmpty(header.Parameter))
            {
                return last ?? throw new IOException("The token file is empty.");
            }

            Volatile.Write(ref _last, header);
            return header;
        }
        catch (Exception error) when (last is not null && error is not OperationCanceledException)
        {
            return last;
        }
    }
}
