using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Configuration;
using Wayleave.Settings;

namespace Wayleave.Operator.Hosting;

/// <summary>Whether the namespaces that the flags name exist. Everything in them fails with 404 otherwise.</summary>
internal sealed class NamespaceCheck(IKubernetesClient client, OperatorOptions options)
{
    /// <summary>Says what is missing and how to fix it; null when nothing is.</summary>
    public async Task<string?> FindMissingAsync(CancellationToken cancellationToken) =>
        await FindMissingAsync(Flags.Namespace, options.Namespace, cancellationToken)
        ?? await FindMissingAsync(Flags.WatchNamespace, options.WatchNamespace, cancellationToken);

    private async Task<string?> FindMissingAsync(Setting flag, string? name, CancellationToken cancellationToken) =>
        name is null || await ExistsAsync(name, cancellationToken)
            ? null
            : $"{flag.Option}: there is no namespace \"{name}\"; create it, or give the name of one that exists";

    // Uses a list, because the operator needs the permission to list namespaces anyway.
    private async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.ListAsync<V1Namespace>(new ListOptions { FieldSelector = $"metadata.name={name}" }, cancellationToken);
            return found.Items.Any(item => item.Metadata.Name == name);
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            // Without the permission to list, assume that it exists. Later requests report the error.
            return true;
        }
    }
}
