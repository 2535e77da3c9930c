using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Exceptions;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// The certificates, keys and tokens of a kubeconfig: embedded in it, or in files that it names. Error messages never contain a path,
/// because users sometimes put the credential itself into a path field.
/// </summary>
internal sealed class KubeConfigCredentials(KubeConfigNode cluster, KubeConfigNode? user)
{
    private static readonly string[] _privateKeys = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    // RSA and elliptic curves, which are all that the runtime pairs with a certificate.
    private static readonly string[] _algorithms = ["1.2.840.113549.1.1.1", "1.2.840.10045.2.1"];

    private readonly HashSet<string> _files = new(StringComparer.Ordinal);

    /// <summary>The files that <see cref="ReadTls"/> reads; none if everything is embedded.</summary>
    public IReadOnlyList<string> TlsFiles => [.. _files];

    /// <exception cref="KubeConfigException">A certificate or a key cannot be used.</exception>
    public (X509Certificate2Collection? Authorities, X509Certificate2? ClientCertificate) ReadTls() =>
        (ReadAuthorities(), user is null ? null : ReadClientCertificate(user));

    /// <summary>The file that the token is in; null if there is none.</summary>
    /// <exception cref="KubeConfigException">It cannot be used.</exception>
    public string? ReadTokenFile()
    {
        if (user is null || GetFilePath(user, "tokenFile") is not { } path)
        {
            return null;
        }

        ReadFile(user, "tokenFile", path);
        return path;
    }

    /// <summary>The token itself; null if there is none.</summary>
    /// <exception cref="KubeConfigException">It cannot be used.</exception>
    public string? ReadToken() =>
        user?.GetText("token") is not { } token ? null
        : token.All(static letter => letter is > ' ' and <= '~') ? token
        : throw user.Error(
            "token", "has a space, a line break or another character that no token has; write it on one line as it was issued");

    private X509Certificate2Collection? ReadAuthorities()
    {
        if (ReadPem(cluster, "certificate-authority") is not ({ } pem, var field))
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw cluster.Error(field, "has a certificate that cannot be read; copy the cluster's authority again", error);
        }

        return authorities.Count > 0
            ? authorities
            : throw cluster.Error(field, "has no certificate in PEM form; it must begin with -----BEGIN CERTIFICATE-----");
    }

    private X509Certificate2? ReadClientCertificate(KubeConfigNode owner)
    {
        switch (ReadPem(owner, "client-certificate"), ReadPem(owner, "client-key"))
        {
            case (null, null):
                return null;
            case (null, _):
                throw owner.Error("client-certificate", "is missing although there is a client-key; give both, or neither");
            case (_, null):
                throw owner.Error("client-key", "is missing although there is a client-certificate; give both, or neither");
            case (var (certificate, certificateField), var (key, keyField)):
                CheckCertificate(owner, certificate, certificateField);
                CheckKey(owner, key, keyField);
                return CreateCertificate(owner, certificate, key, keyField);
        }
    }

    private static void CheckCertificate(KubeConfigNode node, string pem, string field)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            if (!_algorithms.Contains(certificate.GetKeyAlgorithm()))
            {
                throw node.Error(field, "has a kind of key that is not supported; use a certificate with an RSA or an ECDSA key");
            }
        }
        catch (CryptographicException error)
        {
            throw node.Error(
                field, "has no certificate in PEM form that can be read; it must begin with -----BEGIN CERTIFICATE-----", error);
        }
    }

    private static void CheckKey(KubeConfigNode node, string pem, string field)
    {
        var labels = FindLabels(pem);
        if (labels.Contains("ENCRYPTED PRIVATE KEY") || pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            throw node.Error(field, "is encrypted; give the key without a passphrase");
        }

        if (!labels.Exists(_privateKeys.Contains))
        {
            throw node.Error(field, "has no private key in PEM form; it must have a PEM block of the type PRIVATE KEY");
        }
    }

    private static X509Certificate2 CreateCertificate(KubeConfigNode node, string certificate, string key, string field)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw node.Error(
                field, "is not the key of client-certificate, or is damaged; give the key that the certificate was issued for", error);
        }
    }

    private static List<string> FindLabels(string pem)
    {
        List<string> labels = [];
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            labels.Add(rest[fields.Label].ToString());
            rest = rest[fields.Location.End..];
        }

        return labels;
    }

    // The value of FIELD-data, or of the file that FIELD names, with the name of the field. Null if neither is set.
    private (string Text, string Field)? ReadPem(KubeConfigNode owner, string field)
    {
        var embedded = $"{field}-data";
        if (owner.GetText(embedded) is { } data)
        {
            try
            {
                return (Encoding.UTF8.GetString(Convert.FromBase64String(data)), embedded);
            }
            catch (FormatException error)
            {
                throw owner.Error(embedded, "is not base64; encode the file with `base64 -w0`", error);
            }
        }

        if (GetFilePath(owner, field) is not { } path)
        {
            return null;
        }

        _files.Add(path);
        return (ReadFile(owner, field, path), field);
    }

    private static string? GetFilePath(KubeConfigNode owner, string field)
    {
        if (owner.GetText(field) is not { } named)
        {
            return null;
        }

        if (owner.Origin.Folder is not { } folder)
        {
            throw owner.Error(field, "names a file, but files are not read here; embed it with `kubectl config view --minify --flatten`");
        }

        try
        {
            return Path.GetFullPath(named, folder);
        }
        catch (ArgumentException)
        {
            throw owner.Error(field, "has an invalid path; correct it");
        }
    }

    private static string ReadFile(KubeConfigNode node, string field, string path)
    {
        try
        {
            return LengthLimitedFile.ReadText(path)
                ?? throw node.Error(field, $"names a file of more than {LengthLimitedFile.MaxBytes} bytes; correct the path");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // Its message has the path.
            throw node.Error(field, $"names a file that cannot be read: {LengthLimitedFile.Describe(error)}; correct the path");
        }
    }
}
