using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes;

namespace Wayleave.Testing.Kubernetes;

/// <summary>Converts the JSON of a <see cref="FakeCluster"/> to entities and back.</summary>
internal sealed class ClusterEntities(EntityRegistry registry)
{
    public string Resource<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => registry.Get<TEntity>().Entity.PluralName;

    public ObjectKey Key<TEntity>(string? @namespace, string? name)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        new(Resource<TEntity>(), @namespace ?? "", name ?? throw new InvalidOperationException("An object needs a name."));

    public ObjectKey Key<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => Key<TEntity>(entity.Metadata.NamespaceProperty, entity.Metadata.Name);

    /// <summary>Writes an entity as a client sends it: with its kind, and without null fields.</summary>
    public JsonObject Write<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        (entity.ApiVersion, entity.Kind) = (definition.GroupVersion, definition.Entity.Kind);
        return JsonSerializer.SerializeToNode(entity, definition.Json)!.AsObject();
    }

    public TEntity Read<TEntity>(JsonObject entity, bool metadataOnly = false)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var json = registry.Get<TEntity>().Json;
        return metadataOnly
            ? new JsonObject { ["metadata"] = entity["metadata"]!.DeepClone() }.Deserialize(json)!
            : entity.Deserialize(json)!;
    }
}
