using System.Text.Json.Serialization.Metadata;

namespace Wayleave.Kubernetes;

/// <summary>All the client needs to know of a kind: its place in the API and how to read and write it without reflection.</summary>
public sealed record EntityDefinition<TEntity>(KubernetesEntityAttribute Entity, JsonTypeInfo<TEntity> Json, JsonTypeInfo<EntityList<TEntity>> ListJson)
    where TEntity : class, IKubernetesObject<Models.V1ObjectMeta>
{
    /// <summary><c>group/version</c>, or <c>version</c> alone for the core group.</summary>
    public string GroupVersion { get; } = Entity.Group.Length == 0 ? Entity.ApiVersion : $"{Entity.Group}/{Entity.ApiVersion}";

    /// <summary>The path of a collection, of one object in it, or of an object's subresource. No namespace: null or empty.</summary>
    public string Path(string? @namespace, string? name = null, string? subresource = null)
    {
        var root = Entity.Group.Length == 0 ? "api/" : "apis/";
        var scope = string.IsNullOrEmpty(@namespace) ? "" : $"namespaces/{Uri.EscapeDataString(@namespace)}/";
        var path = $"{root}{GroupVersion}/{scope}{Entity.PluralName}";
        path = name is null ? path : $"{path}/{Uri.EscapeDataString(name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}
