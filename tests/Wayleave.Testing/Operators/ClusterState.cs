using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>Waits for the results of an operator in a cluster.</summary>
public static class ClusterState
{
    /// <summary>Waits until the current generation of the resource is ready.</summary>
    public static Task<ClientIntents> WaitUntilAppliedAsync(
        this TestCluster cluster, string @namespace, string name, CancellationToken cancellationToken = default) =>
        cluster.WaitForAsync<ClientIntents>(
            $"the intents of {name} to be ready", @namespace, name, intents => IsReady(intents, intents.Status?.ObservedGeneration, intents.Status?.Conditions), cancellationToken);

    /// <inheritdoc cref="WaitUntilAppliedAsync"/>
    public static Task<ProtectedService> WaitUntilProtectedAsync(
        this TestCluster cluster, string @namespace, string name, CancellationToken cancellationToken = default) =>
        cluster.WaitForAsync<ProtectedService>(
            $"the protection of {name} to be ready",
            @namespace,
            name,
            protection => IsReady(protection, protection.Status?.ObservedGeneration, protection.Status?.Conditions),
            cancellationToken);

    /// <summary>Waits until exactly these Deployments of the namespace have an ingress policy.</summary>
    public static Task WaitForPoliciesAsync(this TestCluster cluster, string @namespace, params IReadOnlyList<string> servers)
    {
        var expected = string.Join(", ", servers.Order(StringComparer.Ordinal).Select(server => $"wayleave-deployment-{server}-ingress"));
        return Poll.UntilAsync(
            $"the policies [{expected}]", async token => string.Join(", ", await cluster.PolicyNamesAsync(@namespace, token)), names => names == expected, Poll.Patience, default);
    }

    /// <summary>The names of the policies of a namespace, in alphabetical order.</summary>
    public static async Task<IReadOnlyList<string>> PolicyNamesAsync(
        this TestCluster cluster, string @namespace, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var policies = await cluster.Client.ListAsync<V1NetworkPolicy>(new ListOptions { Namespace = @namespace }, cancellationToken);
        return [.. policies.Items.Select(policy => policy.Metadata.Name!).Order(StringComparer.Ordinal)];
    }

    /// <summary>Waits until an object meets a condition.</summary>
    public static async Task<TEntity> WaitForAsync<TEntity>(
        this TestCluster cluster, string what, string? @namespace, string name, Func<TEntity, bool> wanted, CancellationToken cancellationToken = default)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return await Poll.UntilAsync(
            what,
            async token => await cluster.Client.GetAsync<TEntity>(name, @namespace, token) is { } entity && wanted(entity) ? entity : null,
            Poll.Patience,
            cancellationToken);
    }

    private static bool IsReady(IKubernetesObject<V1ObjectMeta> entity, long? observed, List<V1Condition>? conditions) =>
        observed == entity.Metadata.Generation && conditions?.Exists(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) == true;
}
