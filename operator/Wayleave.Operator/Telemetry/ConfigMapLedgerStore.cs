using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Operator.Telemetry;

/// <summary>Keeps telemetry's ledger in the ConfigMap <c>wayleave-telemetry</c>, for everyone to read. It goes with the operator's Deployment.</summary>
internal sealed class ConfigMapLedgerStore(IKubernetesClient client, OperatorOptions options, OwnDeployment own) : ILedgerStore
{
    public const string Name = "wayleave-telemetry";

    private readonly string _namespace = options.Namespace;

    public async Task<LedgerSnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        var stored = await client.GetAsync<V1ConfigMap>(Name, _namespace, cancellationToken);
        var version = stored?.Metadata.ResourceVersion ?? "";
        return stored is null ? null : new LedgerSnapshot(stored.Data ?? [], version, long.TryParse(version, out var position) ? position : null);
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
    }

    private Task<V1ConfigMap> CreateAsync(Dictionary<string, string> data, CancellationToken cancellationToken) => client.CreateAsync(
        new V1ConfigMap
        {
            Metadata =
            {
                Name = Name,
                NamespaceProperty = _namespace,
                OwnerReferences = own.Owner is { } owner ? [owner] : null,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue },
            },
            Data = data,
        },
        cancellationToken);

    private Task<V1ConfigMap> ReplaceAsync(Dictionary<string, string> data, string version, CancellationToken cancellationToken) =>
        client.PatchAsync<V1ConfigMap>(
            Name, _namespace, JsonPatch.Set("/data", data, KubernetesJson.Default.DictionaryStringString, version), cancellationToken);
}
