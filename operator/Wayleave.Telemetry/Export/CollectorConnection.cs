using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Telemetry.Export;

/// <summary>How collectors are reached, those of telemetry and those of traces.</summary>
public static class CollectorConnection
{
    /// <summary>
    /// Follows no redirects, so that records reach only the configured endpoint. Sends no cookies, trace headers or credentials, because
    /// they would reveal more than the records. Uses a proxy from the environment, except for loopback addresses: the proxy would connect
    /// to its own loopback, and see the key.
    /// </summary>
    /// <param name="authorities">The only ones that may have signed its certificate. Null for those that the system trusts.</param>
    public static SocketsHttpHandler CreateHandler(Uri endpoint, X509Certificate2Collection? authorities) => new()
    {
        UseProxy = !endpoint.IsLoopback,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = authorities is null ? null : CreatePolicy(authorities) },
    };

    // The host name is checked as usual; revocation lists are not fetched.
    private static X509ChainPolicy CreatePolicy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
