using System.Text.Json.Nodes;
using Wayleave.Generator.Crds;

namespace Wayleave.Api.Tests.Crds;

public class SchemaTests
{
    private static readonly Dictionary<string, JsonObject> _crds =
        CrdFolder.Generate().Files.Values.Select(text => Yaml.Read(text)[0]!.AsObject()).ToDictionary(crd => (string)crd["spec"]!["names"]!["kind"]!);

    public static TheoryData<string, string> Bad => Cases("bad.yaml");

    public static TheoryData<string, string> Good => Cases("good.yaml");

    [Theory]
    [MemberData(nameof(Good))]
    public void Accepts_a_valid_object(string title, string text) => Errors(text).ShouldBeEmpty(title);

    [Theory]
    [MemberData(nameof(Bad))]
    public void Rejects_an_invalid_object_at_the_invalid_field(string title, string text) => Errors(text).ShouldContain(title);

    [Theory]
    [InlineData("ClientIntents", "ci", "clientintents.wayleave.dev")]
    [InlineData("ProtectedService", "ps", "protectedservices.wayleave.dev")]
    [InlineData("EnforcementPolicy", "enp", "enforcementpolicies.wayleave.dev")]
    [InlineData("KafkaServerConfig", "ksc", "kafkaserverconfigs.wayleave.dev")]
    public void A_kind_has_its_names_status_subresource_and_printer_columns(string kind, string shortName, string name)
    {
        var crd = _crds[kind];
        var version = crd["spec"]!["versions"]!.AsArray().ShouldHaveSingleItem()!;

        ((string)crd["metadata"]!["name"]!).ShouldBe(name);
        ((string)crd["spec"]!["names"]!["shortNames"]![0]!).ShouldBe(shortName);
        ((string)crd["spec"]!["names"]!["categories"]![0]!).ShouldBe("wayleave");
        ((string)crd["spec"]!["scope"]!).ShouldBe(kind == "EnforcementPolicy" ? "Cluster" : "Namespaced");
        version["subresources"]!["status"]!.AsObject().ShouldBeEmpty();
        version["additionalPrinterColumns"]!.AsArray().Select(column => (string)column!["name"]!).ShouldBeSubsetOf(
            ["Client", "Server", "Mode", "Egress", "Priority", "Namespaces", "Workloads", "Overridden", "Address", "Ready", "Reason", "Enforced", "Age", "Message"]);
    }

    [Theory]
    [InlineData("ClientIntents")]
    [InlineData("ProtectedService")]
    [InlineData("EnforcementPolicy")]
    [InlineData("KafkaServerConfig")]
    public void Conditions_are_merged_by_their_type(string kind)
    {
        var conditions = Schema(kind)["properties"]!["status"]!["properties"]!["conditions"]!;

        ((string)conditions["x-kubernetes-list-type"]!).ShouldBe("map");
        ((string)conditions["x-kubernetes-list-map-keys"]![0]!).ShouldBe("type");
        conditions["items"]!["required"]!.AsArray().Select(key => (string)key!).ShouldContain("type");
    }

    [Theory]
    [InlineData("ClientIntents")]
    [InlineData("ProtectedService")]
    [InlineData("EnforcementPolicy")]
    [InlineData("KafkaServerConfig")]
    public void Every_field_has_a_type_and_a_description_and_no_unknown_fields_are_kept(string kind) => Walk(Schema(kind), kind);

    private static void Walk(JsonObject schema, string path)
    {
        IsTyped(schema).ShouldBeTrue($"{path} has no type");
        schema.ContainsKey("x-kubernetes-preserve-unknown-fields").ShouldBeFalse(path);
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            if (name != "metadata")
            {
                ((string?)property!["description"]).ShouldNotBeNullOrEmpty($"{path}.{name} has no description");
            }

            Walk(property!.AsObject(), $"{path}.{name}");
        }

        foreach (var nested in new[] { "items", "additionalProperties" })
        {
            if (schema[nested] is JsonObject values)
            {
                Walk(values, $"{path}[]");
            }
        }
    }

    // A structural schema has a type, or int-or-string in the one form that the API server accepts.
    private static bool IsTyped(JsonObject schema) => schema.ContainsKey("x-kubernetes-int-or-string")
        ? !schema.ContainsKey("type") && JsonNode.DeepEquals(schema["anyOf"], JsonNode.Parse("""[{"type": "integer"}, {"type": "string"}]"""))
        : schema.ContainsKey("type");

    private static IEnumerable<string> Errors(string text)
    {
        var entity = Yaml.Read(text)[0]!;
        return StructuralSchema.Errors(entity, Schema((string)entity["kind"]!));
    }

    private static JsonObject Schema(string kind) => _crds[kind]["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    // Each document starts with a comment: what it shows, or the error that it must produce.
    private static TheoryData<string, string> Cases(string file)
    {
        var cases = new TheoryData<string, string>();
        foreach (var text in File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", file)).Split("---\n"))
        {
            cases.Add(text.Split('\n')[0].TrimStart('#', ' '), text);
        }

        return cases;
    }
}
