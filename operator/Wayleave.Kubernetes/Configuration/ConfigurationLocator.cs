using System.Security.Cryptography;
using k8s;
using k8s.Exceptions;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Finds the configuration: the file that was named, then the files of <c>KUBECONFIG</c>. A program that runs in a Pod, such as the
/// operator, then uses the Pod's own before <c>~/.kube/config</c>; a program that a person runs uses them in the order of kubectl.
/// </summary>
/// <param name="isInCluster">Whether this is a Pod with a service account; null asks the client library.</param>
public sealed class ConfigurationLocator(IReadOnlyDictionary<string, string> environment, Func<bool>? isInCluster = null)
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether <c>~/.kube/config</c> comes before the Pod's own configuration, as for kubectl.</summary>
    public bool PrefersHome { get; init; }

    /// <summary>What the files may contain.</summary>
    public KubeConfigPolicy Policy { get; init; } = KubeConfigPolicy.Strict;

    /// <exception cref="KubeConfigException">None was found, or the one found cannot be used.</exception>
    public ConnectionSource Locate(string? kubeconfig, string? context)
    {
        if (kubeconfig is { Length: > 0 })
        {
            return KubeConfigFile.Read(kubeconfig, context, Policy);
        }

        var listed = environment.GetValueOrDefault("KUBECONFIG", "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (listed.Length > 0)
        {
            return KubeConfigFile.Read([.. listed.Distinct(StringComparer.Ordinal)], context, Policy);
        }

        var home = Path.Combine(environment.GetValueOrDefault("HOME", "/"), ".kube", "config");
        if (PrefersHome && File.Exists(home))
        {
            return KubeConfigFile.Read(home, context, Policy);
        }

        if ((isInCluster ?? KubernetesClientConfiguration.IsInCluster)())
        {
            return context is null
                ? CreateInClusterSource()
                : throw new KubeConfigException("--context: a Pod's own configuration has no contexts; leave it out, or give --kubeconfig");
        }

        return File.Exists(home)
            ? KubeConfigFile.Read(home, context, Policy)
            : throw new KubeConfigException(
                "no cluster is configured; give --kubeconfig, set KUBECONFIG, or run in a Pod with a service account");
    }

    private static ConnectionSource CreateInClusterSource()
    {
        var first = Connect();
        return new ConnectionSource(new Uri(first.Configuration.Host), Connect)
        {
            Files = [Path.Combine(ServiceAccount, "ca.crt")],
            TokenFile = Path.Combine(ServiceAccount, "token"),
            Namespace = first.Configuration.Namespace?.Trim(),
        };
    }

    private static ConnectionSettings Connect()
    {
        try
        {
            var configuration = KubernetesClientConfiguration.InClusterConfig();
            return configuration.SslCaCerts is { Count: > 0 } authorities
                ? new ConnectionSettings(configuration, authorities, ClientCertificate: null)
                : throw new KubeConfigException(
                    $"{ServiceAccount}/ca.crt has no certificate in PEM form; correct the ConfigMap kube-root-ca.crt of the Pod's namespace");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeConfigException(
                $"{ServiceAccount} cannot be read; mount the Pod's service account (automountServiceAccountToken)", error);
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            throw new KubeConfigException(
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not a host and a port; give --kubeconfig instead", error);
        }
    }
}
