using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Meaning;

namespace Wayleave.Chaos.Checks;

/// <summary>The objects in a cluster at one moment, read from its API server.</summary>
internal sealed class Snapshot : IClusterObjects
{
    private readonly Dictionary<Type, object> _objects = [];

    public IReadOnlyList<TEntity> List<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => _objects.TryGetValue(typeof(TEntity), out var found) ? (List<TEntity>)found : [];

    /// <summary>Reads the declarations and the policies.</summary>
    public static async Task<ClusterView> ViewAsync(World world, Past past) => new(
        await ReadAsync(world.Cluster.Client), new Defaults(EnforcementMode.Enforce, Egress: false) { OperatorNamespace = world.Scene.Home }, past);

    private static async Task<Snapshot> ReadAsync(IKubernetesClient client)
    {
        var snapshot = new Snapshot();
        await snapshot.ReadAsync<V1Namespace>(client);
        await snapshot.ReadAsync<PartialDeployment>(client);
        await snapshot.ReadAsync<V1NetworkPolicy>(client);
        await snapshot.ReadAsync<ClientIntents>(client);
        await snapshot.ReadAsync<ProtectedService>(client);
        await snapshot.ReadAsync<EnforcementPolicy>(client);
        return snapshot;
    }

    private async Task ReadAsync<TEntity>(IKubernetesClient client)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _objects[typeof(TEntity)] = (await client.ListAsync<TEntity>(new ListOptions(), CancellationToken.None)).Items;
}
