using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

/// <summary>No field of a NetworkPolicy's spec is left out of the comparison, and a field that the client library adds fails a test.</summary>
public class PolicyFieldsTests
{
    private const string Selector =
        """{"matchLabels": {"app": "cart"}, "matchExpressions": [{"key": "tier", "operator": "In", "values": ["web", "job"]}]}""";

    private const string Peers =
        $$"""
        [{"podSelector": {{Selector}}, "namespaceSelector": {{Selector}} }, {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]} }]
        """;

    private const string Ports = """[{"protocol": "UDP", "port": 53, "endPort": 60}]""";

    private const string Complete =
        $$"""
        {
          "podSelector": {{Selector}},
          "policyTypes": ["Ingress", "Egress"],
          "ingress": [{"from": {{Peers}}, "ports": {{Ports}}}],
          "egress": [{"to": {{Peers}}, "ports": {{Ports}}}]
        }
        """;

    [Fact]
    public void The_complete_policy_sets_every_field_of_the_model()
    {
        var given = FieldsOf(JsonNode.Parse(Complete)!).ToHashSet();

        JsonNamesOf(typeof(V1NetworkPolicySpec), []).ShouldBeSubsetOf(given);
    }

    [Fact]
    public void An_edit_of_any_field_is_detected()
    {
        var desired = Read(JsonNode.Parse(Complete)!);
        PolicyEquality.Matches(Read(JsonNode.Parse(Complete)!), desired).ShouldBeTrue();

        var paths = JsonNode.Parse(Complete)!.AsObject().SelectMany(field => LeavesOf(field.Value!)).Select(leaf => leaf.GetPath()).ToList();
        paths.Count.ShouldBeGreaterThan(30);
        foreach (var path in paths)
        {
            var edited = JsonNode.Parse(Complete)!;
            var leaf = LeavesOf(edited).Single(leaf => leaf.GetPath() == path);
            leaf.ReplaceWith<JsonNode>(leaf.GetValueKind() == JsonValueKind.Number ? leaf.GetValue<int>() + 1 : $"{leaf.GetValue<string>()}x");
            PolicyEquality.Matches(Read(edited), desired).ShouldBeFalse(path);
        }
    }

    private static V1NetworkPolicy Read(JsonNode spec) => new()
    {
        Metadata = new V1ObjectMeta { Name = "cart", NamespaceProperty = "shop" },
        Spec = JsonSerializer.Deserialize(spec, SourceGenerationContext.Default.V1NetworkPolicySpec),
    };

    private static IEnumerable<JsonValue> LeavesOf(JsonNode node) => node switch
    {
        JsonObject map => map.SelectMany(field => LeavesOf(field.Value!)),
        JsonArray list => list.SelectMany(item => LeavesOf(item!)),
        _ => [node.AsValue()],
    };

    private static IEnumerable<string> FieldsOf(JsonNode node) => node switch
    {
        JsonObject map => map.SelectMany(field => FieldsOf(field.Value!).Prepend(field.Key)),
        JsonArray list => list.SelectMany(item => FieldsOf(item!)),
        _ => [],
    };

    private static IEnumerable<string> JsonNamesOf(Type model, HashSet<Type> seen)
    {
        foreach (var property in seen.Add(model) ? model.GetProperties(BindingFlags.Public | BindingFlags.Instance) : [])
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is not { } name)
            {
                continue;
            }

            yield return name.Name;
            var type = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
            foreach (var nested in type.Namespace == model.Namespace ? JsonNamesOf(type, seen) : [])
            {
                yield return nested;
            }
        }
    }
}
