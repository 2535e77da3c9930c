using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Wayleave.Mapper.Ingestion;

/// <summary>The mapper's own authority and its certificate, in PEM form, as the Secret has them.</summary>
/// <param name="Authorities">The certificates of the authorities that sensors trust, the newest first.</param>
/// <param name="AuthorityKey">The key of the newest authority.</param>
internal sealed record TlsBundle(string Authorities, string AuthorityKey, string Certificate, string Key)
{
    /// <summary>The key of the authorities in the Secret, and in the ConfigMap for the sensors.</summary>
    public const string AuthoritiesKey = "ca.crt";

    private const string AuthorityKeyKey = "ca.key";
    private const string CertificateKey = "tls.crt";
    private const string KeyKey = "tls.key";

    /// <summary>Reads the data of a Secret. Null if they are not a bundle with matching keys.</summary>
    public static TlsBundle? Read(IDictionary<string, byte[]>? data)
    {
        if (data is null)
        {
            return null;
        }

        var bundle = new TlsBundle(Text(AuthoritiesKey), Text(AuthorityKeyKey), Text(CertificateKey), Text(KeyKey));
        return bundle.IsUsable() ? bundle : null;

        string Text(string key) => data.TryGetValue(key, out var value) ? Encoding.UTF8.GetString(value) : "";
    }

    public IReadOnlyDictionary<string, string> Data => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [AuthoritiesKey] = Authorities,
        [AuthorityKeyKey] = AuthorityKey,
        [CertificateKey] = Certificate,
        [KeyKey] = Key,
    };

    /// <summary>The serving certificate with its key. The caller disposes it.</summary>
    public X509Certificate2 LoadCertificate() => X509Certificate2.CreateFromPem(Certificate, Key);

    /// <summary>The newest authority with its key. The caller disposes it.</summary>
    public X509Certificate2 LoadAuthority() => X509Certificate2.CreateFromPem(Authorities, AuthorityKey);

    /// <summary>The authorities without keys, the newest first. The caller disposes them.</summary>
    public X509Certificate2Collection LoadAuthorities()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(Authorities);
        return authorities;
    }

    // A record would print the keys.
    public override string ToString() => nameof(TlsBundle);

    private bool IsUsable()
    {
        try
        {
            using var authority = LoadAuthority();
            using var certificate = LoadCertificate();
            return true;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
