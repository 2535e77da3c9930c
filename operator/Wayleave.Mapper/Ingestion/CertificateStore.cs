using System.Text;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Mapper.Ingestion;

/// <summary>Keeps the bundle in the Secret <c>wayleave-mapper-tls</c>, which all replicas share.</summary>
internal sealed class CertificateStore(IKubernetesClient client, IngestionOptions options)
{
    public const string Name = "wayleave-mapper-tls";

    private const string Type = "kubernetes.io/tls";

    /// <returns>
    /// The bundle, or null if there is none that can be used, and the version of the Secret, or null if there is no Secret.
    /// </returns>
    public async Task<(TlsBundle? Bundle, string? Version)> LoadAsync(CancellationToken cancellationToken)
    {
        var secret = await client.GetAsync<V1Secret>(Name, options.Namespace, cancellationToken);
        return (TlsBundle.Read(secret?.Data), secret?.Metadata.ResourceVersion);
    }

    /// <summary>Saves the bundle if the Secret still is of the version.</summary>
    /// <returns>False if another replica was faster.</returns>
    public async Task<bool> TrySaveAsync(TlsBundle bundle, string? version, CancellationToken cancellationToken)
    {
        try
        {
            await (version is null ? CreateAsync(bundle, cancellationToken) : ReplaceAsync(bundle, version, cancellationToken));
            return true;
        }
        catch (KubernetesException error) when (error.IsConflict || (error.IsNotFound && version is not null))
        {
            // A 404 of a create is something else: the namespace does not exist.
            return false;
        }
    }

    /// <summary>The metadata of an object that the mapper keeps for itself.</summary>
    public static V1ObjectMeta CreateMetadata(string name, string @namespace) => new()
    {
        Name = name,
        NamespaceProperty = @namespace,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue },
    };

    private Task<V1Secret> CreateAsync(TlsBundle bundle, CancellationToken cancellationToken) => client.CreateAsync(
        new V1Secret
        {
            Metadata = CreateMetadata(Name, options.Namespace),
            Type = Type,
            Data = bundle.Data.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value), StringComparer.Ordinal),
        },
        cancellationToken);

    private Task<V1Secret> ReplaceAsync(TlsBundle bundle, string version, CancellationToken cancellationToken)
    {
        var data = bundle.Data.ToDictionary(
            pair => pair.Key, pair => Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value)), StringComparer.Ordinal);
        var patch = new JsonPatch(version).Set("/data", data, PartialObjectJson.Default.DictionaryStringString).Build();
        return client.PatchAsync<V1Secret>(Name, options.Namespace, patch, cancellationToken);
    }
}

/// <summary>Publishes the authorities in the ConfigMap <c>wayleave-mapper-ca</c> in the namespace of the sensors, which mount it.</summary>
internal sealed class AuthorityPublisher(IKubernetesClient client, IngestionOptions options)
{
    public const string Name = "wayleave-mapper-ca";

    /// <summary>
    /// Creates the ConfigMap, or changes it if it has something else. If another replica changes it meanwhile, that one is right.
    /// </summary>
    public async Task PublishAsync(TlsBundle bundle, CancellationToken cancellationToken)
    {
        var found = await client.GetAsync<V1ConfigMap>(Name, options.SensorNamespace, cancellationToken);
        if (found?.Data is { Count: 1 } data && data.TryGetValue(TlsBundle.AuthoritiesKey, out var text) && text == bundle.Authorities)
        {
            return;
        }

        var wanted = new Dictionary<string, string>(StringComparer.Ordinal) { [TlsBundle.AuthoritiesKey] = bundle.Authorities };
        try
        {
            var metadata = CertificateStore.CreateMetadata(Name, options.SensorNamespace);
            await (found is null
                ? client.CreateAsync(new V1ConfigMap { Metadata = metadata, Data = wanted }, cancellationToken)
                : ReplaceAsync(wanted, found, cancellationToken));
        }
        catch (KubernetesException error) when (error.IsConflict)
        {
            // It wrote the same, or its next check finds the difference.
        }
    }

    private Task<V1ConfigMap> ReplaceAsync(Dictionary<string, string> data, V1ConfigMap found, CancellationToken cancellationToken)
    {
        var patch = new JsonPatch(found.Metadata.ResourceVersion).Set("/data", data, PartialObjectJson.Default.DictionaryStringString).Build();
        return client.PatchAsync<V1ConfigMap>(Name, options.SensorNamespace, patch, cancellationToken);
    }
}
