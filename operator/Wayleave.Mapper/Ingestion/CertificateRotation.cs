using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Mapper.Ingestion;

/// <summary>
/// Decides what to renew: each certificate after two thirds of its lifetime. Sensors must trust a new authority before it signs anything
/// that they see, so it is published for a day first, together with the one before.
/// </summary>
internal static class CertificateRotation
{
    // Much longer than it takes until a changed ConfigMap is in the file of each sensor, and until each replica has read the Secret.
    private static readonly TimeSpan _settling = TimeSpan.FromDays(1);

    /// <param name="current">Null if there is none.</param>
    /// <param name="names">The names that the certificate is for.</param>
    /// <returns>The bundle to use from now on; <paramref name="current"/> itself if nothing is to do.</returns>
    public static TlsBundle Renew(TlsBundle? current, IReadOnlyList<string> names, DateTimeOffset now)
    {
        if (current is null)
        {
            return CertificateIssuer.CreateBundle(names, now);
        }

        using var newest = current.LoadAuthority();
        if (IsExpired(newest, now))
        {
            return CertificateIssuer.CreateBundle(names, now);
        }

        if (IsDue(newest, now))
        {
            return RenewServing(CertificateIssuer.AddAuthority(current, now), names, now);
        }

        return RemoveOldAuthorities(RenewServing(current, names, now), now);
    }

    private static TlsBundle RenewServing(TlsBundle bundle, IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var newest = bundle.LoadAuthority();
        using var serving = bundle.LoadCertificate();
        var isDue = IsDue(serving, now) && IsSettled(newest, now);
        return isDue || !names.All(name => serving.MatchesHostname(name)) || !IsTrusted(serving, bundle, now)
            ? CertificateIssuer.CreateServing(bundle, names, now)
            : bundle;
    }

    private static TlsBundle RemoveOldAuthorities(TlsBundle bundle, DateTimeOffset now)
    {
        using var newest = bundle.LoadAuthority();
        using var serving = bundle.LoadCertificate();
        var newestAlone = bundle with { Authorities = newest.ExportCertificatePem() };
        return Count(bundle) > 1 && IsSettled(serving, now) && IsTrusted(serving, newestAlone, now) ? newestAlone : bundle;
    }

    private static int Count(TlsBundle bundle)
    {
        var authorities = bundle.LoadAuthorities();
        Dispose(authorities);
        return authorities.Count;
    }

    private static bool IsTrusted(X509Certificate2 serving, TlsBundle bundle, DateTimeOffset now)
    {
        var authorities = bundle.LoadAuthorities();
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        var isTrusted = chain.Build(serving);
        Dispose(authorities);
        return isTrusted;
    }

    private static bool IsExpired(X509Certificate2 certificate, DateTimeOffset now) => now >= End(certificate);

    private static bool IsDue(X509Certificate2 certificate, DateTimeOffset now) =>
        now >= Start(certificate) + ((End(certificate) - Start(certificate)) * 2 / 3);

    private static bool IsSettled(X509Certificate2 certificate, DateTimeOffset now) => now >= Start(certificate) + _settling;

    private static DateTimeOffset Start(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime());

    private static DateTimeOffset End(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    private static void Dispose(X509Certificate2Collection certificates)
    {
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }
    }
}
