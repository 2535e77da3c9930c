using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>What a TLS connection is made with.</summary>
/// <param name="Authorities">Those that may have signed the API server's certificate; null for those of the system.</param>
/// <param name="ClientCertificate">With its key; null for none.</param>
public sealed record TlsMaterial(X509Certificate2Collection? Authorities, X509Certificate2? ClientCertificate);

/// <summary>Certificates and keys in files that are replaced now and then, such as a cluster's authority.</summary>
/// <param name="paths">The files.</param>
/// <param name="read">Reads them.</param>
public sealed class TlsFiles(IReadOnlyList<string> paths, Func<TlsMaterial> read)
{
    /// <summary>Changes with the content of the files. Null while one of them cannot be read.</summary>
    public string? Version()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            foreach (var path in paths)
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

    /// <summary>Null while they do not fit together, for example because only one of two has been replaced.</summary>
    public TlsMaterial? TryRead()
    {
        try
        {
            return read();
        }
        catch (KubeConfigException)
        {
            return null;
        }
    }
}
