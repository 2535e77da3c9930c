using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Serialization;

/// <summary>
/// Reads and writes objects. Reading skips unused fields of the library's models: <c>managedFields[].fieldsV1</c> alone is often
/// half of an object.
/// </summary>
internal static class EntityJson
{
    private static readonly FrozenDictionary<Type, FrozenSet<string>> _kept = new Dictionary<Type, string[]>
    {
        [typeof(V1ObjectMeta)] =
        [
            "name", "namespace", "uid", "resourceVersion", "generation", "labels", "annotations", "ownerReferences", "finalizers",
            "creationTimestamp", "deletionTimestamp", "managedFields",
        ],
        [typeof(V1ManagedFieldsEntry)] = ["manager", "operation", "subresource", "time"],
        [typeof(V1Namespace)] = ["apiVersion", "kind", "metadata", "status"],
        [typeof(V1NamespaceStatus)] = ["phase"],
        [typeof(V1Node)] = ["apiVersion", "kind", "metadata", "spec"],
        [typeof(V1NodeSpec)] = ["podCIDRs"],
        [typeof(V1Ingress)] = ["apiVersion", "kind", "metadata", "spec"],
        [typeof(V1IngressSpec)] = ["ingressClassName", "defaultBackend", "rules"],
        [typeof(V1IngressRule)] = ["http"],
        [typeof(V1HTTPIngressPath)] = ["backend"],
        [typeof(V1IngressBackend)] = ["service"],
        [typeof(V1IngressClassSpec)] = ["controller"],
        [typeof(V1ServiceCIDR)] = ["apiVersion", "kind", "metadata", "spec"],
    }.ToFrozenDictionary(static pair => pair.Key, static pair => pair.Value.ToFrozenSet(StringComparer.Ordinal));

    public static JsonSerializerOptions Create(IEnumerable<JsonSerializerContext> contexts)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new TimeConverter() },
            TypeInfoResolver = JsonTypeInfoResolver.Combine(
                [.. contexts, PartialObjectJson.Default, LibraryObjectJson.Default]).WithAddedModifier(RemoveUnusedProperties),
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>One object, as it arrives.</summary>
    /// <exception cref="JsonException">It cannot be read.</exception>
    public static async Task<T> ReadAsync<T>(Stream body, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return WithMetadata(await JsonSerializer.DeserializeAsync(body, json, cancellationToken))
                ?? throw new JsonException("The response is empty.");
        }
        catch (Exception error) when (error is NotSupportedException or FormatException)
        {
            throw Mistyped(error);
        }
    }

    /// <summary>One object; null for the JSON value null.</summary>
    /// <exception cref="JsonException">It cannot be read.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> text, JsonTypeInfo<T> json)
        where T : class
    {
        try
        {
            return WithMetadata(JsonSerializer.Deserialize(text, json));
        }
        catch (Exception error) when (error is NotSupportedException or FormatException)
        {
            throw Mistyped(error);
        }
    }

    // The library leaves metadata null if it is missing. Set it, so that no caller has to check for null.
    private static T? WithMetadata<T>(T? value)
        where T : class
    {
        if (value is IKubernetesObject<V1ObjectMeta> { Metadata: null } entity)
        {
            entity.Metadata = new V1ObjectMeta();
        }

        return value;
    }

    // What the library's converters throw.
    private static JsonException Mistyped(Exception error) => new("A field has a value of another type.", error);

    private static void RemoveUnusedProperties(JsonTypeInfo json)
    {
        if (!_kept.TryGetValue(json.Type, out var kept))
        {
            return;
        }

        for (var i = json.Properties.Count - 1; i >= 0; i--)
        {
            if (!kept.Contains(json.Properties[i].Name))
            {
                json.Properties.RemoveAt(i);
            }
        }
    }
}
