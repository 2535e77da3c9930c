using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Mapper.Ingestion;

/// <summary>Creates authorities and serving certificates with keys on the curve P-256.</summary>
internal static class CertificateIssuer
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int SerialBytes = 16;

    private static readonly TimeSpan _authorityLifetime = TimeSpan.FromDays(730);
    private static readonly TimeSpan _servingLifetime = TimeSpan.FromDays(90);

    // For sensors whose clock is slow.
    private static readonly TimeSpan _backdating = TimeSpan.FromHours(1);

    /// <summary>Creates an authority, and a serving certificate that it signed.</summary>
    public static TlsBundle CreateBundle(IReadOnlyList<string> names, DateTimeOffset now)
    {
        var (certificate, key) = CreateAuthority(now);
        return CreateServing(new TlsBundle(certificate, key, "", ""), names, now);
    }

    /// <summary>Puts a new authority in front of the others.</summary>
    public static TlsBundle AddAuthority(TlsBundle bundle, DateTimeOffset now)
    {
        var (certificate, key) = CreateAuthority(now);
        return bundle with { Authorities = $"{certificate}\n{bundle.Authorities}", AuthorityKey = key };
    }

    /// <summary>Replaces the serving certificate with one that the newest authority signs.</summary>
    public static TlsBundle CreateServing(TlsBundle bundle, IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var authority = bundle.LoadAuthority();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var start = Latest(now - _backdating, new DateTimeOffset(authority.NotBefore.ToUniversalTime()));
        using var certificate = request.Create(authority, start, now + _servingLifetime, RandomNumberGenerator.GetBytes(SerialBytes));
        return bundle with { Certificate = certificate.ExportCertificatePem(), Key = key.ExportPkcs8PrivateKeyPem() };
    }

    private static (string Certificate, string Key) CreateAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // The time tells two authorities apart, for people and for TLS libraries that find them by name.
        var name = $"CN=wayleave-mapper-ca-{now.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - _backdating, now + _authorityLifetime);
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static DateTimeOffset Latest(DateTimeOffset first, DateTimeOffset second) => first > second ? first : second;
}
