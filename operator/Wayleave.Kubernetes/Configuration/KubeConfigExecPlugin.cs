using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// The program that a user's <c>exec</c> names (Kubernetes documentation, "client-go credential plugins"). The client library runs it. Only
/// a kubeconfig on disk may name one.
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
            throw user.Error("exec", "is not supported: programs are not run; use a token or a client certificate");
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

    /// <summary>Runs the program. What it writes to the standard error goes to that of this program.</summary>
    /// <exception cref="KubeConfigException">It failed, or gave no credential.</exception>
    public static ExecCredentialResponse Run(ExternalExecution program)
    {
        try
        {
            return KubernetesClientConfiguration.ExecuteExternalCommand(program);
        }
        catch (KubeConfigException error)
        {
            // The library's message has a stack trace, and may quote what the program printed.
            throw new KubeConfigException(
                $"exec plugin \"{Path.GetFileName(program.Command)}\" failed; its output is above. Log in and try again", error);
        }
    }

    /// <summary>The certificate that the program gave; null if it gave none.</summary>
    /// <exception cref="KubeConfigException">It cannot be used.</exception>
    public static X509Certificate2? ReadClientCertificate(ExecCredentialResponse response)
    {
        if (response.Status is not { ClientCertificateData: { } certificate, ClientKeyData: { } key })
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
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
}

/// <summary>The token that an exec plugin gave. Runs the plugin again when the token expires.</summary>
/// <param name="first">What it gave when it ran.</param>
internal sealed class ExecPluginTokenProvider(ExternalExecution program, ExecCredentialResponse first) : ITokenProvider
{
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(30);
    private ExecCredentialResponse _last = first;

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var credential = Volatile.Read(ref _last);
        if (credential.Status.ExpirationTimestamp is { } end && DateTime.UtcNow + _margin > end.ToUniversalTime())
        {
            credential = await Task.Run(() => KubeConfigExecPlugin.Run(program), cancellationToken);
            Volatile.Write(ref _last, credential);
        }

        return new AuthenticationHeaderValue("Bearer", credential.Status.Token);
    }
}
