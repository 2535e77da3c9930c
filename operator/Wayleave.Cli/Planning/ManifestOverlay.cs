using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Planning;

/// <summary>
/// Declarations of files that replace those of a cluster while it is read, as an apply of the files would. Used for one read. Thread-safe
/// as long as each kind is listed once.
/// </summary>
internal sealed class ManifestOverlay
{
    private readonly Dictionary<(Type Kind, NamespacedName Name), IKubernetesObject<V1ObjectMeta>> _changes = [];
    private readonly Lock _lock = new();

    public static ManifestOverlay None => new();

    /// <summary>Adds an object; the last one of a name counts.</summary>
    public void Add<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => _changes[(typeof(TEntity), NamespacedName.From(entity))] = entity;

    /// <summary>The object as it would be stored after the apply. One that the files do not have is returned as it is.</summary>
    public TEntity Replace<TEntity>(TEntity existing)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        IKubernetesObject<V1ObjectMeta>? wanted;
        lock (_lock)
        {
            if (!_changes.Remove((typeof(TEntity), NamespacedName.From(existing)), out wanted))
            {
                return existing;
            }
        }

        var json = ApiClients.Registry.Get<TEntity>().Json;
        var stored = (JsonObject)JsonSerializer.SerializeToNode(existing, json)!;
        var spec = JsonSerializer.SerializeToNode((TEntity)wanted, json)!["spec"];
        if (JsonNode.DeepEquals(stored["spec"], spec))
        {
            return existing;
        }

        // The API server counts the generations of a spec.
        stored["spec"] = spec?.DeepClone();
        var applied = stored.Deserialize(json)!;
        applied.Metadata.Generation++;
        return applied;
    }

    /// <summary>The objects of a kind that the cluster does not have, each once.</summary>
    public List<TEntity> DrainAdded<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock)
        {
            List<KeyValuePair<(Type Kind, NamespacedName Name), IKubernetesObject<V1ObjectMeta>>> added =
                [.. _changes.Where(change => change.Key.Kind == typeof(TEntity))];
            added.ForEach(change => _changes.Remove(change.Key));
            return [.. added.Select(change => AsNew((TEntity)change.Value))];
        }
    }

    private static TEntity AsNew<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        entity.Metadata = new V1ObjectMeta
        {
            Name = entity.Metadata.Name,
            NamespaceProperty = entity.Metadata.NamespaceProperty,
            Labels = entity.Metadata.Labels,
            Uid = Guid.NewGuid().ToString(),
            Generation = 1,
            ResourceVersion = "0",
        };
        return entity;
    }
}
