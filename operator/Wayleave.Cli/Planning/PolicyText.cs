using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Output;
using Wayleave.Kubernetes;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Planning;

/// <summary>The part of a NetworkPolicy that the operator decides, as text to compare.</summary>
internal static class PolicyText
{
    /// <summary>Formats a policy as YAML. Empty for no policy.</summary>
    public static string Yaml(V1NetworkPolicy? policy) => policy is null ? "" : StructuredText.ToYaml(ToNode(policy));

    /// <summary>The name, the labels and annotations of Wayleave, and the spec.</summary>
    public static JsonObject ToNode(V1NetworkPolicy policy)
    {
        var metadata = new JsonObject { ["name"] = policy.Metadata.Name, ["namespace"] = policy.Metadata.NamespaceProperty };
        AddOurs(metadata, "labels", policy.Metadata.Labels);
        AddOurs(metadata, "annotations", policy.Metadata.Annotations);
        var spec = JsonSerializer.SerializeToNode(
            new V1NetworkPolicy { Metadata = new V1ObjectMeta(), Spec = policy.Spec }, ApiClients.Registry.Get<V1NetworkPolicy>().Json)?["spec"];
        return new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "NetworkPolicy",
            ["metadata"] = metadata,
            ["spec"] = Ordered(spec),
        };
    }

    private static void AddOurs(JsonObject metadata, string field, IDictionary<string, string>? entries)
    {
        var ours = entries.OrEmpty()
            .Where(entry => entry.Key == WayleaveLabels.ManagedBy || entry.Key.StartsWith(Group.Name, StringComparison.Ordinal))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))
            .ToList();
        if (ours.Count > 0)
        {
            metadata[field] = new JsonObject(ours);
        }
    }

    // Empty selectors mean everything and have to be seen; empty lists of rules mean nothing is allowed.
    private static JsonObject Ordered(JsonNode? spec)
    {
        var ordered = new JsonObject();
        foreach (var field in new[] { "podSelector", "policyTypes", "ingress", "egress" })
        {
            if (spec?[field] is { } value)
            {
                ordered[field] = value.DeepClone();
            }
        }

        return ordered;
    }
}
