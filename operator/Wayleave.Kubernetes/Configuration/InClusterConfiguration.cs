using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>The configuration that every pod is given (Kubernetes documentation, "Accessing the API from a Pod").</summary>
public sealed class InClusterConfiguration(
    IReadOnlyDictionary<string, string> environment,
    TimeProvider time,
    string serviceAccountPath = InClusterConfiguration.DefaultPath)
{
    /// <summary>Where the kubelet mounts the service account.</summary>
    public const string DefaultPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    private string TokenPath => Path.Combine(serviceAccountPath, "token");

    private string AuthorityPath => Path.Combine(serviceAccountPath, "ca.crt");

    /// <summary>Whether this process runs in a pod with a service account.</summary>
    public bool IsInCluster() => !string.IsNullOrEmpty(HostName) && File.Exists(TokenPath);

    private string? HostName => environment.GetValueOrDefault("KUBERNETES_SERVICE_HOST");

    /// <exception cref="KubeConfigException">The pod lacks something of it.</exception>
    public KubernetesClientConfiguration Build()
    {
        var port = environment.GetValueOrDefault("KUBERNETES_SERVICE_PORT") is { Length: > 0 } given ? given : "443";
        var host = HostName is { Length: > 0 } name
            ? (name.Contains(':', StringComparison.Ordinal) ? $"[{name}]" : name)
            : throw new KubeConfigException("KUBERNETES_SERVICE_HOST is not set; outside a cluster give --kubeconfig or KUBECONFIG");
        return new KubernetesClientConfiguration
        {
            Host = Uri.TryCreate($"https://{host}:{port}/", UriKind.Absolute, out var address)
                ? address
                : throw new KubeConfigException(
                    "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not a host and a port; give --kubeconfig instead"),
            SslCaCerts = Authorities(),
            TlsFiles = new TlsFiles([AuthorityPath], () => new TlsMaterial(Authorities(), ClientCertificate: null)),
            TokenProvider = new FileTokenProvider(TokenPath, time),
            Namespace = ReadNamespace(),
        };
    }

    private X509Certificate2Collection Authorities()
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(AuthorityPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeConfigException(
                $"{AuthorityPath} cannot be read; mount the pod's service account (automountServiceAccountToken)", error);
        }

        return authorities.Count > 0
            ? authorities
            : throw new KubeConfigException(
                $"{AuthorityPath} has no certificate in PEM form; correct the ConfigMap kube-root-ca.crt of the pod's namespace");
    }

    private string? ReadNamespace()
    {
        try
        {
            return File.ReadAllText(Path.Combine(serviceAccountPath, "namespace")).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
