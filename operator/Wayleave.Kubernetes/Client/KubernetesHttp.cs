using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Kubernetes.Client;

/// <summary>Makes the <see cref="HttpClient"/> for one API server: HTTP/2, the given certificate authority, credentials, limits, metrics.</summary>
public static class KubernetesHttp
{
    /// <summary>
    /// The caller disposes the client, and with it all connections. With <paramref name="mayWrite"/>, whatever is not a read is refused
    /// with <see cref="WriteFencedException"/> while it says no.
    /// </summary>
    public static HttpClient Create(
        KubernetesClientConfiguration configuration, KubernetesClientOptions options, KubernetesMetrics metrics, TimeProvider time, Func<bool>? mayWrite = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        var material = new TlsMaterial(configuration.SslCaCerts, configuration.ClientCertificate);
        HttpMessageHandler connections = configuration.TlsFiles is { } files
            ? new ReloadingTlsHandler(files, material, newer => Connections(configuration, newer), time)
            : Connections(configuration, material);
        var host = $"{configuration.Host.Host}:{configuration.Host.Port}";
        HttpMessageHandler handler = new RequestMetricsHandler(host, metrics, time) { InnerHandler = connections };
        handler = mayWrite is null ? handler : new WriteFenceHandler(mayWrite) { InnerHandler = handler };
        handler = configuration.TokenProvider is null ? handler : new BearerTokenHandler(configuration.TokenProvider) { InnerHandler = handler };
        handler = options.QueriesPerSecond is null ? handler : new RateLimitHandler(options) { InnerHandler = handler };
        return new HttpClient(new RetryAfterHandler(time) { InnerHandler = handler })
        {
            BaseAddress = configuration.Host,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            DefaultRequestHeaders = { { "User-Agent", configuration.UserAgent }, { "Accept", "application/json" } },
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private static SocketsHttpHandler Connections(KubernetesClientConfiguration configuration, TlsMaterial material) => new()
    {
        SslOptions = Tls(material),
        ConnectCallback = configuration.TlsServerName is { } name ? new NamedTlsConnector(Tls(material), name).ConnectAsync : null,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // A peer that vanished without a word is noticed by an unanswered ping, so that no watch hangs; WatchDeadline notices the rest.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = TimeSpan.FromSeconds(10),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
    };

    private static SslClientAuthenticationOptions Tls(TlsMaterial material)
    {
        var tls = new SslClientAuthenticationOptions();
        if (material.Authorities is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (material.ClientCertificate is { } certificate)
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        }

        return tls;
    }
}
