using System.Text.Json;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Writes the spec of a NetworkPolicy in one form, so that two can be compared as text.</summary>
internal static class PolicyText
{
    public static string Of(V1NetworkPolicy policy)
    {
        return Of(JsonSerializer.Serialize(policy.Spec, SourceGenerationContext.Default.V1NetworkPolicySpec));
    }

    /// <summary>Does the same for a spec in YAML. The order of keys does not matter, the order of lists does.</summary>
    public static string Of(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Write(stream.Documents[0].RootNode);
    }

    /// <summary>The spec of the policy that allows only these clients, and the server's own Pods, to call the Pods with <c>app: server</c>.</summary>
    /// <param name="server">The value of the Pods' label.</param>
    /// <param name="rules">Each from <see cref="From"/>, in the order of the policy.</param>
    public static string Allow(string server, params IReadOnlyList<string> rules)
    {
        var own = $"{{from: [{{podSelector: {{matchLabels: {{app: {server}}}}}}}]}}";
        return Of($"{{podSelector: {{matchLabels: {{app: {server}}}}}, policyTypes: [Ingress], ingress: [{string.Join(", ", rules.Prepend(own))}]}}");
    }

    /// <summary>The rule that allows the Pods with <c>app: client</c> of a namespace, both in one peer.</summary>
    /// <param name="namespace">The namespace of the client.</param>
    /// <param name="client">The value of the Pods' label.</param>
    /// <param name="ports">The TCP ports. Empty for all ports.</param>
    public static string From(string @namespace, string client, params IReadOnlyList<int> ports)
    {
        var only = ports.Count == 0 ? "" : $", ports: [{string.Join(", ", ports.Select(port => $"{{port: {port}, protocol: TCP}}"))}]";
        var peer = $"{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {@namespace}}}}}, podSelector: {{matchLabels: {{app: {client}}}}}}}";
        return $"{{from: [{peer}]{only}}}";
    }

    private static string Write(YamlNode node) => node switch
    {
        YamlMappingNode map => $"{{{string.Join(", ", map.Select(item => $"{item.Key}: {Write(item.Value)}").Order(StringComparer.Ordinal))}}}",
        YamlSequenceNode list => $"[{string.Join(", ", list.Select(Write))}]",
        _ => node.ToString(),
    };
}
