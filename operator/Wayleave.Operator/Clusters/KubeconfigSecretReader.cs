using System.Security.Cryptography;
using System.Text;
using k8s.Exceptions;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Clusters;

/// <summary>Reads the kubeconfigs of member clusters from their Secrets.</summary>
internal sealed class KubeconfigSecretReader(IKubernetesClient client, DeclarationCache declarations, OperatorOptions options)
{
    private const string DefaultKey = "kubeconfig";

    /// <summary>Which Secret a Cluster names.</summary>
    public NamespacedName GetSecretName(Cluster cluster) =>
        new(cluster.Spec.KubeconfigSecretRef.Namespace ?? options.Namespace, cluster.Spec.KubeconfigSecretRef.Name);

    /// <summary>
    /// The version of the Secret, with the key that is named: as long as it stays, so do the credentials. Null when there is none.
    /// </summary>
    public string? FindSecretVersion(Cluster cluster) =>
        declarations.Secrets.Store.Get(GetSecretName(cluster)) is { } secret ? Version(secret, cluster) : null;

    /// <exception cref="ClusterException">It cannot be used.</exception>
    public async Task<ClusterCredentials> ReadAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        var name = GetSecretName(cluster);
        if (name.Namespace != options.Namespace)
        {
            throw ClusterException.Failed(
                Reasons.SecretNotFound,
                $"spec.kubeconfigSecretRef.namespace: Secrets are read in {options.Namespace} only; move it there");
        }

        // Request the Secret only if the informer has seen it, so that a missing Secret costs no requests.
        var secret = FindSecretVersion(cluster) is null
            ? null
            : await client.GetAsync<V1Secret>(name.Name, name.Namespace, cancellationToken);
        if (secret is null)
        {
            throw ClusterException.Pending(
                Reasons.SecretNotFound,
                $"spec.kubeconfigSecretRef.name: there is no Secret {TextSanitizer.Quote(name.Name)} in {name.Namespace}; create it");
        }

        if (secret.Data?.TryGetValue(KeyOf(cluster), out var data) != true || data is not { Length: > 0 })
        {
            throw ClusterException.Failed(Reasons.SecretNotFound, $"spec.kubeconfigSecretRef.key: the Secret has no {TextSanitizer.Quote(KeyOf(cluster))}; add it, or name the key that it has");
        }

        return new ClusterCredentials(Parse(data), Digest(cluster, data), Version(secret, cluster));
    }

    private static string Version(V1Secret secret, Cluster cluster) =>
        $"{secret.Metadata.Uid}/{secret.Metadata.ResourceVersion}/{KeyOf(cluster)}";

    private static string KeyOf(Cluster cluster) => cluster.Spec.KubeconfigSecretRef.Key ?? DefaultKey;

    private static ConnectionSource Parse(byte[] data)
    {
        try
        {
            return KubeConfigData.Read(data) with { UserAgent = $"wayleave-operator/{Hosting.OperatorVersion.Text}" };
        }
        catch (KubeConfigException error)
        {
            throw ClusterException.Failed(
                Reasons.InvalidKubeconfig, $"the kubeconfig cannot be used: {TextSanitizer.Sanitize(error.Message)}");
        }
    }

    // 64 bits are enough to detect a change, and too few to derive the credentials from.
    private static string Digest(Cluster cluster, byte[] data) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(cluster.Metadata.Uid ?? ""), .. data]).AsSpan(0, 8));
}
