using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Telemetry.Export;

/// <summary>How collectors are reached, those of telemetry and those of traces.</summary>
public static class CollectorConnection
{
    /// <summary>
    /// No redirect, because what is sent goes where the administrator said and nowhere else; no cookie, no trace header, no credentials,
    /// because they would tell more than the records do. A proxy that the environment names is used, but not to reach this machine: it
    /// would reach another, and see the key.
    /// </summary>
    /// <param name="endpoint">Of the collector.</param>
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
