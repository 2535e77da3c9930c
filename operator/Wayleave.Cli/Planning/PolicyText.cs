using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Wayleave.Cli.Output;
using Wayleave.Kubernetes;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Planning;

/// <summary>The part of a NetworkPolicy that the operator decides, as text to compare.</summary>
internal static class PolicyText
{
    private static readonly string[] _labels = ["app.kubernetes.io/managed-by", "wayleave.dev/direction"];

    /// <summary>As YAML. Empty for no policy.</summary>
    public static string Yaml(V1NetworkPolicy? policy) => policy is null ? "" : StructuredText.ToYaml(ToNode(policy));

    /// <summary>Name, labels and spec.</summary>
    public static JsonObject ToNode(V1NetworkPolicy policy)
    {
        var labels = new JsonObject();
        foreach (var label in _labels)
        {
            if (policy.Metadata.Labels.Find(label) is { } value)
            {
                labels[label] = value;
            }
        }

        var spec = JsonSerializer.SerializeToNode(
            new V1NetworkPolicy { Metadata = new V1ObjectMeta(), Spec = policy.Spec }, ApiClients.Registry.Get<V1NetworkPolicy>().Json)?["spec"];
        return new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "NetworkPolicy",
            ["metadata"] = new JsonObject
            {
                ["name"] = policy.Metadata.Name,
                ["namespace"] = policy.Metadata.NamespaceProperty,
                ["labels"] = labels,
            },
            ["spec"] = Ordered(spec),
        };
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
