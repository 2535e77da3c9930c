using System.Text.Json;
using System.Text.Json.Nodes;
using Wayleave.Generator.Crds;

namespace Wayleave.Api.Tests.Crds;

/// <summary>
/// Later releases accept and read what a release accepted. Each release adds a folder below <c>Released</c> with its definitions and objects
/// that use them. Existing folders do not change.
/// </summary>
public class ReleasedSchemaTests
{
    private static readonly Dictionary<string, JsonObject> _now = Schemas(CrdFolder.Generate().Files.Values);

    public static TheoryData<string> Releases => [.. Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "Released")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Releases))]
    public void Accepts_everything_that_a_release_accepted(string release)
    {
        var then = Schemas(Directory.EnumerateFiles(FolderOf(release), "wayleave.dev_*.yaml").Select(File.ReadAllText));

        then.Count.ShouldBeGreaterThanOrEqualTo(5);
        then.SelectMany(kind => SchemaChange.Narrowings(kind.Value, _now[kind.Key], kind.Key)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void Validates_and_reads_every_field_of_the_objects_of_a_release(string release)
    {
        var objects = Yaml.Read(File.ReadAllText(Path.Combine(FolderOf(release), "objects.yaml")));

        objects.Select(stored => (string)stored!["kind"]!).Distinct().Count().ShouldBe(5);
        foreach (var stored in objects)
        {
            StructuralSchema.Errors(stored, _now[(string)stored!["kind"]!]).ShouldBeEmpty(stored.ToJsonString());
            JsonNode.DeepEquals(Read(stored)["spec"], stored["spec"]).ShouldBeTrue(stored.ToJsonString());
        }
    }

    [Theory]
    [InlineData("""{"type": "string"}""", """{"type": "integer"}""", " type")]
    [InlineData("""{"type": "string"}""", """{"type": "string", "maxLength": 5}""", " maxLength")]
    [InlineData("""{"type": "string", "minLength": 1}""", """{"type": "string", "minLength": 2}""", " minLength")]
    [InlineData("""{"type": "string", "enum": ["a", "b"]}""", """{"type": "string", "enum": ["b", "c"]}""", " enum \"a\"")]
    [InlineData("""{"type": "string"}""", """{"type": "string", "pattern": "x"}""", " pattern")]
    [InlineData("""{"type": "object", "properties": {"a": {}}}""", """{"type": "object", "properties": {}}""", ".a is gone")]
    [InlineData("""{"type": "object", "properties": {"a": {}}}""", """{"type": "object", "properties": {"a": {}, "b": {}}, "required": ["b"]}""", " required \"b\"")]
    [InlineData("""{"type": "array", "items": {"type": "string"}}""", """{"type": "array", "items": {"type": "object"}}""", "[] type")]
    public void Detects_a_change_that_narrows_a_schema(string before, string after, string found) =>
        SchemaChange.Narrowings(JsonNode.Parse(before)!.AsObject(), JsonNode.Parse(after)!.AsObject()).ShouldBe([found]);

    private static JsonNode Read(JsonNode stored) => (string)stored["kind"]! switch
    {
        "ClientIntents" => JsonSerializer.SerializeToNode(stored.Deserialize(ApiJson.Default.ClientIntents)!, ApiJson.Default.ClientIntents)!,
        "ProtectedService" => JsonSerializer.SerializeToNode(stored.Deserialize(ApiJson.Default.ProtectedService)!, ApiJson.Default.ProtectedService)!,
        "EnforcementPolicy" => JsonSerializer.SerializeToNode(stored.Deserialize(ApiJson.Default.EnforcementPolicy)!, ApiJson.Default.EnforcementPolicy)!,
        "Cluster" => JsonSerializer.SerializeToNode(stored.Deserialize(ApiJson.Default.Cluster)!, ApiJson.Default.Cluster)!,
        "KafkaServerConfig" => JsonSerializer.SerializeToNode(stored.Deserialize(ApiJson.Default.KafkaServerConfig)!, ApiJson.Default.KafkaServerConfig)!,
        var kind => throw new InvalidOperationException($"{kind} is unknown."),
    };

    private static string FolderOf(string release) => Path.Combine(AppContext.BaseDirectory, "Released", release);

    private static Dictionary<string, JsonObject> Schemas(IEnumerable<string> definitions) => definitions
        .Select(text => Yaml.Read(text)[0]!)
        .ToDictionary(
            definition => (string)definition["spec"]!["names"]!["kind"]!,
            definition => definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject(),
            StringComparer.Ordinal);
}
