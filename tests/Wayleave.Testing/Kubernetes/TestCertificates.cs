using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Testing.Kubernetes;

/// <summary>A certificate authority and certificates that it signed, with their keys.</summary>
public sealed class TestCertificates : IDisposable
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";

    public TestCertificates()
    {
        var end = DateTimeOffset.UtcNow.AddHours(12);
        Authority = MakeAuthority("CN=test-ca");
        Server = Sign("CN=test-api-server", ServerPurpose, Authority, ["localhost", "api.test"], end);
        Client = Sign("CN=test-client", "1.3.6.1.5.5.7.3.2", Authority, ["localhost", "api.test"], end);
    }

    public X509Certificate2 Authority { get; }

    /// <summary>A server's certificate for <c>localhost</c>, <c>127.0.0.1</c>, <c>::1</c>, and <c>api.test</c>.</summary>
    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    /// <summary>A server's certificate that has expired.</summary>
    public X509Certificate2 ExpiredServer() => Sign("CN=late", ServerPurpose, Authority, ["localhost"], DateTimeOffset.UtcNow.AddMinutes(-10));

    /// <summary>A server's certificate for another host.</summary>
    public X509Certificate2 OtherServer() => Sign("CN=other", ServerPurpose, Authority, ["other.test"], DateTimeOffset.UtcNow.AddHours(12));

    public X509Certificate2Collection Authorities => [X509CertificateLoader.LoadCertificate(Authority.RawData)];

    /// <summary>The private key of a certificate in PEM form.</summary>
    public static string KeyOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
        Client.Dispose();
    }

    private static X509Certificate2 MakeAuthority(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    // A certificate for localhost is valid for the loopback addresses too.
    private static X509Certificate2 Sign(string subject, string purpose, X509Certificate2 authority, string[] hosts, DateTimeOffset end)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            names.AddDnsName(host);
        }

        if (hosts.Contains("localhost"))
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }

        request.CertificateExtensions.Add(names.Build());

        // Distinguishes two authorities with the same name.
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddMinutes(-30), end, Guid.NewGuid().ToByteArray());
        return certificate.CopyWithPrivateKey(key);
    }
}
