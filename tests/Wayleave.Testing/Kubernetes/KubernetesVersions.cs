using System.Text.Json.Nodes;
using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Testing.Kubernetes;

/// <summary>The kinds and fields that versions of Kubernetes serve and store.</summary>
public static class KubernetesVersions
{
    /// <summary>The default minor version of tests.</summary>
    public const int Current = 36;

    private const int FirstWithPortRanges = 22;

    private static readonly Dictionary<Type, int> _since = new()
    {
        [typeof(PartialCronJob)] = 21,
        [typeof(PartialEndpointSlice)] = 21,
        [typeof(V1ServiceCIDR)] = 33,
    };

    /// <summary>Whether a version serves a kind in the API version that the operator reads.</summary>
    public static bool Serves(Type kind, int minor) => minor >= _since.GetValueOrDefault(kind);

    /// <summary>Removes the fields that an API server does not know, as it does when it stores an object.</summary>
    internal static JsonObject Stored(JsonObject entity, int minor)
    {
        if (minor < FirstWithPortRanges && (string?)entity["kind"] == "NetworkPolicy")
        {
            RemovePortRanges(entity["spec"]);
        }

        return entity;
    }

    private static void RemovePortRanges(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject entity:
                entity.Remove("endPort");
                entity.Select(field => field.Value).ToList().ForEach(RemovePortRanges);
                break;
            case JsonArray items:
                items.ToList().ForEach(RemovePortRanges);
                break;
            default:
                break;
        }
    }
}
