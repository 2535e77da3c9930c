using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes;

/// <summary>The kinds a program knows. Immutable; safe for any number of threads.</summary>
public sealed class EntityRegistry
{
    private readonly FrozenDictionary<Type, object> _definitions;

    private EntityRegistry(IEnumerable<KeyValuePair<Type, object>> definitions) => _definitions = definitions.ToFrozenDictionary();

    /// <summary>Knows nothing yet.</summary>
    public static EntityRegistry Empty { get; } = new([]);

    /// <summary>This registry and <typeparamref name="TEntity"/>.</summary>
    /// <exception cref="InvalidOperationException">The class has no <see cref="KubernetesEntityAttribute"/>, or the context lacks it or its list.</exception>
    public EntityRegistry Add<TEntity>(JsonSerializerContext context)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        new(_definitions.Append(new KeyValuePair<Type, object>(typeof(TEntity), Define<TEntity>(context))));

    /// <summary>The definition of a kind that was added.</summary>
    /// <exception cref="InvalidOperationException">It was not added.</exception>
    public EntityDefinition<TEntity> Get<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _definitions.TryGetValue(typeof(TEntity), out var definition)
            ? (EntityDefinition<TEntity>)definition
            : throw new InvalidOperationException($"{typeof(TEntity).Name} is not in the registry.");

    private static EntityDefinition<TEntity> Define<TEntity>(JsonSerializerContext context)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var entity = typeof(TEntity).GetCustomAttribute<KubernetesEntityAttribute>() ?? throw Missing<TEntity>("[KubernetesEntity]");
        var json = context.GetTypeInfo(typeof(TEntity)) as JsonTypeInfo<TEntity> ?? throw Missing<TEntity>("[JsonSerializable] for itself");
        var list = context.GetTypeInfo(typeof(EntityList<TEntity>)) as JsonTypeInfo<EntityList<TEntity>>
            ?? throw Missing<TEntity>("[JsonSerializable] for its list");
        return new EntityDefinition<TEntity>(entity, json, list);
    }

    private static InvalidOperationException Missing<TEntity>(string what) => new($"{typeof(TEntity).Name} lacks {what}.");
}
