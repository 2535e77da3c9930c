using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>The certificates and keys of a kubeconfig: embedded in base64, or files beside it.</summary>
/// <param name="folder">Null: no file is read, and one that is named is refused.</param>
internal sealed class KubeConfigFiles(string? folder)
{
    /// <summary>
    /// The file that <paramref name="field"/> names, relative to the kubeconfig, or null. The path itself is never told: people put the
    /// credential where its file should be named.
    /// </summary>
    /// <exception cref="KubeConfigException">It cannot be read.</exception>
    public string? Readable(KubeConfigNode node, string field)
    {
        try
        {
            if (node.Text(field) is not { } named)
            {
                return null;
            }

            if (folder is null)
            {
                throw new KubeConfigException($"{node.Path}.{field} names a file, and none is read here: embed it (`kubectl config view --minify --flatten`).");
            }

            var path = Path.GetFullPath(named, folder);
            File.OpenRead(path).Dispose();
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new KubeConfigException($"{node.Path}.{field} names a file that cannot be read.");
        }
    }

    /// <summary>The text of <c>FIELD-data</c>, else of the file that <c>FIELD</c> names, else null.</summary>
    public string? Bytes(KubeConfigNode node, string field)
    {
        if (node.Text($"{field}-data") is { } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException error)
            {
                throw new KubeConfigException($"{node.Path}.{field}-data is not base64.", error);
            }
        }

        return Readable(node, field) is { } path ? File.ReadAllText(path) : null;
    }

    public static X509Certificate2 Pair(KubeConfigNode user, string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new KubeConfigException($"{user.Path}: client-certificate and client-key are not a matching PEM pair.", error);
        }
    }
}
