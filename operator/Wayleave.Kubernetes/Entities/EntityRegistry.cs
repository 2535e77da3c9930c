using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes;

/// <summary>
/// The kinds that a program knows, and how each is read and written without reflection. Immutable; safe for any number of threads.
/// </summary>
public sealed class EntityRegistry
{
    private readonly FrozenDictionary<Type, object> _definitions;

    private readonly JsonSerializerOptions _json;

    private EntityRegistry(JsonSerializerOptions json, IEnumerable<KeyValuePair<Type, object>> definitions)
    {
        _json = json;
        _definitions = definitions.ToFrozenDictionary();
    }

    /// <summary>A registry without kinds.</summary>
    /// <param name="contexts">The JSON of the program's own kinds.</param>
    public static EntityRegistry Create(params IReadOnlyList<JsonSerializerContext> contexts) => new(EntityJson.Create(contexts), []);

    /// <summary>This registry and <typeparamref name="TEntity"/>.</summary>
    /// <param name="scope"> The scope of a kind of the client library. Null to use <see cref="EntityScopeAttribute"/>. </param>
    /// <param name="plural">The resource name of kinds for which the client library has none, such as access reviews.</param>
    /// <param name="protobuf">Reads the kind in protobuf; null for a kind that is only served as JSON.</param>
    /// <exception cref="InvalidOperationException">
    /// The class has no <c>[KubernetesEntity]</c> or no resource name, or no context knows it.
    /// </exception>
    public EntityRegistry Add<TEntity>(EntityScope? scope = null, string? plural = null, MessageParser<TEntity>? protobuf = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        new(_json, _definitions.Append(new KeyValuePair<Type, object>(typeof(TEntity), CreateDefinition(scope, plural, protobuf))));

    /// <exception cref="InvalidOperationException">It was not added.</exception>
    public EntityDefinition<TEntity> Get<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _definitions.TryGetValue(typeof(TEntity), out var definition)
            ? (EntityDefinition<TEntity>)definition
            : throw new InvalidOperationException($"{typeof(TEntity).Name} is not in the registry.");

    private EntityDefinition<TEntity> CreateDefinition<TEntity>(EntityScope? scope, string? plural, MessageParser<TEntity>? protobuf)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var entity = typeof(TEntity).GetCustomAttribute<KubernetesEntityAttribute>() ?? throw Missing<TEntity>("[KubernetesEntity]");
        scope ??= typeof(TEntity).GetCustomAttribute<EntityScopeAttribute>()?.Scope;
        var json = _json.TryGetTypeInfo(typeof(TEntity), out var info)
            ? (JsonTypeInfo<TEntity>)info
            : throw Missing<TEntity>("[JsonSerializable]");
        entity.PluralName = plural ?? entity.PluralName;
        return string.IsNullOrEmpty(entity.PluralName)
            ? throw Missing<TEntity>("a resource name")
            : new EntityDefinition<TEntity>(entity, scope ?? EntityScope.Namespaced, json, protobuf);
    }

    private static InvalidOperationException Missing<TEntity>(string what) => new($"{typeof(TEntity).Name} lacks {what}.");
}

/// <summary>How the API serves a kind.</summary>
/// <param name="Entity">Its place in the API.</param>
/// <param name="Scope">Whether its objects live in a namespace.</param>
/// <param name="Json">How it is read and written.</param>
/// <param name="Protobuf">How it is read where the API server offers protobuf. Null: only JSON is asked for.</param>
public sealed record EntityDefinition<TEntity>(
    KubernetesEntityAttribute Entity, EntityScope Scope, JsonTypeInfo<TEntity> Json, MessageParser<TEntity>? Protobuf)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary><c>group/version</c>, or <c>version</c> alone for the core group.</summary>
    public string GroupVersion { get; } = string.IsNullOrEmpty(Entity.Group) ? Entity.ApiVersion : $"{Entity.Group}/{Entity.ApiVersion}";

    public string GroupVersionPath => (string.IsNullOrEmpty(Entity.Group) ? "api/" : "apis/") + GroupVersion;

    /// <summary>The path of a collection, of one object in it, or of an object's subresource. No namespace: null or empty.</summary>
    public string GetPath(string? @namespace, string? name = null, string? subresource = null)
    {
        var scope = string.IsNullOrEmpty(@namespace) ? "" : $"namespaces/{Uri.EscapeDataString(@namespace)}/";
        var path = $"{GroupVersionPath}/{scope}{Entity.PluralName}";
        path = name is null ? path : $"{path}/{Uri.EscapeDataString(name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}

public enum EntityScope
{
    Namespaced,
    Cluster,
}

/// <summary>Declares the scope of a kind next to <c>[KubernetesEntity]</c>. The default is <see cref="EntityScope.Namespaced"/>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EntityScopeAttribute(EntityScope scope) : Attribute
{
    public EntityScope Scope { get; } = scope;
}
