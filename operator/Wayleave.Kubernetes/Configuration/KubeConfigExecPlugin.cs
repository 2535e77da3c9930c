using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// The program that a user's <c>exec</c> names (Kubernetes documentation, "client-go credential plugins"). The client library runs it. Only
/// the operator's own kubeconfig may name one.
/// </summary>
internal static class KubeConfigExecPlugin
{
    /// <summary>Null if there is none.</summary>
    /// <exception cref="KubeConfigException">It may not be run, or lacks something.</exception>
    public static ExternalExecution? Read(KubeConfigNode user)
    {
        if (!user.Has("exec"))
        {
            return null;
        }

        if (user.Origin.Folder is null)
        {
            throw user.Error("exec", "is not supported: use a token or a client certificate; no program is run");
        }

        var exec = user.GetMapping("exec", "");
        return new ExternalExecution
        {
            ApiVersion = exec.GetRequiredText("apiVersion", "set it to client.authentication.k8s.io/v1"),
            Command = exec.GetRequiredText("command", "name the program"),
            Arguments = [.. exec.GetTexts("args").Select(Quote)],
            EnvironmentVariables = [.. exec.GetEntries("env").Select(static entry => CreateVariable(entry.Name, entry.Entry))],
        };
    }

    /// <summary>The certificate that the program gave; null if it gave none.</summary>
    /// <exception cref="KubeConfigException">It cannot be used.</exception>
    public static X509Certificate2? ReadClientCertificate(KubernetesClientConfiguration configuration)
    {
        if (configuration is not { ClientCertificateData: { } certificate, ClientCertificateKeyData: { } key })
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(Decode(certificate), Decode(key));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new KubeConfigException(
                "the exec plugin gave a client certificate and a key that do not fit together; correct the plugin", error);
        }
    }

    private static Dictionary<string, string> CreateVariable(string name, KubeConfigNode entry) =>
        new(StringComparer.Ordinal) { ["name"] = name, ["value"] = entry.GetText("value") ?? "" };

    // The library joins the arguments with spaces.
    private static string Quote(string argument) =>
        $"\"{argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Decode(string data) => Encoding.UTF8.GetString(Convert.FromBase64String(data));
}
