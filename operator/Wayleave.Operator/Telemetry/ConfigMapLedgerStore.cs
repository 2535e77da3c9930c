using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Operator.Telemetry;

/// <summary>
/// Stores the telemetry ledger in the ConfigMap <c>wayleave-telemetry</c>. It is garbage-collected with the operator's Deployment.
/// </summary>
internal sealed class ConfigMapLedgerStore(IKubernetesClient client, OperatorOptions options, OperatorDeployment own) : ILedgerStore
{
    public const string Name = "wayleave-telemetry";

    private readonly string _namespace = options.Namespace;

    public async Task<LedgerSnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        var stored = await GetAsync(cancellationToken);
        var version = stored?.Metadata.ResourceVersion ?? "";
        return stored is null
            ? null
            : new LedgerSnapshot(
                stored.Data.OrEmpty().ToDictionary(StringComparer.Ordinal),
                version,
                long.TryParse(version, out var position) ? position : null);
    }

    public async Task<string?> SaveAsync(IReadOnlyDictionary<string, string> entries, string? version, CancellationToken cancellationToken)
    {
        var data = new Dictionary<string, string>(entries, StringComparer.Ordinal);
        try
        {
            var saved = version is null ? await CreateAsync(data, cancellationToken) : await ReplaceAsync(data, version, cancellationToken);
            return saved.Metadata.ResourceVersion;
        }
        catch (KubernetesException error) when (error.IsConflict || (error.IsNotFound && version is not null))
        {
            // Another replica wrote first, or the ConfigMap was deleted. A 404 on a create is something else: the namespace does not exist.
            return null;
        }
        catch (KubernetesException error)
        {
            throw new LedgerStoreException(Explain(error, "write"), error);
        }
    }

    private async Task<V1ConfigMap?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAsync<V1ConfigMap>(Name, _namespace, cancellationToken);
        }
        catch (KubernetesException error)
        {
            throw new LedgerStoreException(Explain(error, "read"), error);
        }
    }

    // Does not contain the API server's message, which can vary between responses.
    private string Explain(KubernetesException error, string verb) => error switch
    {
        // Only a create returns 404: the namespace does not exist.
        { IsNotFound: true } =>
            $"namespace \"{_namespace}\" does not exist; create it, or set {Flags.Namespace.Option} to the operator's own namespace",
        { IsForbidden: true, IsNamespaceTerminating: true } =>
            $"namespace \"{_namespace}\" is being deleted; set {Flags.Namespace.Option} to a namespace that stays",
        { IsForbidden: true } =>
            $"no permission to {verb} ConfigMap \"{Name}\" in namespace \"{_namespace}\"; allow get and patch on it, and create on "
            + "ConfigMaps there, as the chart's Role does",
        _ => $"the API server returned {(int)error.StatusCode} {error.Status.Reason}".TrimEnd(),
    };

    private Task<V1ConfigMap> CreateAsync(Dictionary<string, string> data, CancellationToken cancellationToken) => client.CreateAsync(
        new V1ConfigMap
        {
            Metadata = new()
            {
                Name = Name,
                NamespaceProperty = _namespace,
                OwnerReferences = own.Owner is { } owner ? [owner] : null,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue,
                },
            },
            Data = data,
        },
        cancellationToken);

    private Task<V1ConfigMap> ReplaceAsync(Dictionary<string, string> data, string version, CancellationToken cancellationToken)
    {
        var patch = new JsonPatch(version).Set("/data", data, PartialObjectJson.Default.DictionaryStringString).Build();
        return client.PatchAsync<V1ConfigMap>(Name, _namespace, patch, cancellationToken);
    }
}
