using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>The certificates and keys of a kubeconfig: embedded in base64, or files beside it.</summary>
internal sealed class KubeConfigFiles(string folder)
{
    /// <summary>A path in a kubeconfig is relative to the kubeconfig.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, folder);

    /// <summary>The text of <c>FIELD-data</c>, else of the file that <c>FIELD</c> names, else null.</summary>
    public string? Bytes(KubeConfigNode node, string field)
    {
        if (node.Text($"{field}-data") is { Length: > 0 } data)
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

        return node.Text(field) is { Length: > 0 } path ? File.ReadAllText(Resolve(path)) : null;
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
