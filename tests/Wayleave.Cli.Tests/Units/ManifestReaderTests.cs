using System.Text.Json.Nodes;
using Wayleave.Cli.Manifests;

namespace Wayleave.Cli.Tests.Units;

public sealed class ManifestReaderTests
{
    [Theory]
    [InlineData("&r {kind: List, items: [*r]}", "given:1: anchors and aliases are not supported; write the value out")]
    [InlineData("kind: A\nspec: &a {workload: *a}", "given:2: anchors and aliases are not supported; write the value out")]
    [InlineData("kind: A\n<<: {a: b}", "given:2: the merge key << is not supported; write the fields out")]
    public void Refuses_anchors_aliases_and_merge_keys(string yaml, string message) => Refused(yaml).ShouldBe(message);

    [Theory]
    [InlineData("[", "")]
    [InlineData("{a: ", "")]
    [InlineData("- ", "")]
    [InlineData("{kind: List, items: [", "]}")]
    public void Refuses_deeply_nested_YAML_without_crashing(string open, string close) => Refused(
        string.Concat(Enumerable.Repeat(open, 20_000)) + string.Concat(Enumerable.Repeat(close, 20_000))).ShouldContain("nested too deep");

    [Fact]
    public void Refuses_a_file_with_too_many_nodes() =>
        Refused($"{{a: [{string.Concat(Enumerable.Repeat("1,", 500_000))}]}}").ShouldContain("more than 500000 fields and values; split it");

    [Fact]
    public void Refuses_long_names_around_many_fields() =>
        Refused($"? {new string('a', 100_000)}\n: [{string.Concat(Enumerable.Repeat("1,", 1000))}]").ShouldContain("too many fields with long names");

    [Theory]
    [InlineData("yes", "true")]
    [InlineData("On", "true")]
    [InlineData("n", "false")]
    [InlineData("off", "false")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("!!str yes", "\"yes\"")]
    [InlineData("010", "8")]
    [InlineData("0o10", "8")]
    [InlineData("0x1F", "31")]
    [InlineData("0b101", "5")]
    [InlineData("-0x10", "-16")]
    [InlineData("+12", "12")]
    [InlineData("1_000", "1000")]
    [InlineData("_1", "\"_1\"")]
    [InlineData("08", "8")]
    [InlineData("1.5", "1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("2026-01-01", "\"2026-01-01\"")]
    [InlineData("0x", "\"0x\"")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("yEs", "\"yEs\"")]
    public void Reads_scalars_as_kubectl_does(string yaml, string json) =>
        (ManifestReader.Read("given", $"x: {yaml}")[0].Content["x"]?.ToJsonString() ?? "null").ShouldBe(json);

    [Fact]
    public void Knows_every_keyword_of_the_schemas_of_the_CRDs()
    {
        string[] known =
        [
            "additionalProperties", "anyOf", "description", "enum", "format", "items", "maxItems", "maxLength", "maxProperties", "maximum",
            "minItems", "minLength", "minProperties", "minimum", "oneOf", "pattern", "properties", "required", "type",
            "x-kubernetes-int-or-string", "x-kubernetes-list-map-keys", "x-kubernetes-list-type", "x-kubernetes-map-type",
        ];

        SchemaValidator.Schemas.Values.SelectMany(Keywords).Except(known, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Lengths_are_counted_in_characters_and_not_in_their_UTF16_units()
    {
        SchemaErrors(string.Concat(Enumerable.Repeat("\U0001F600", 317))).ShouldBeEmpty();
        SchemaErrors(string.Concat(Enumerable.Repeat("\U0001F600", 318))).ShouldBe(
            [("spec.clusters.selector.matchExpressions[0].key", "must have at most 317 characters, has 318")]);
    }

    [Fact]
    public void Lists_the_combinations_of_fields_that_are_allowed()
    {
        SchemaErrors("tier", "operator: In").ShouldBe(
        [
            (
                "spec.clusters.selector.matchExpressions[0]",
                "must match one of these: operator In or NotIn, values not empty; operator DoesNotExist or Exists, values empty"),
        ]);
    }

    [Fact]
    public void Names_the_type_that_a_field_must_have()
    {
        SchemaErrors("[a]").ShouldBe([("spec.clusters.selector.matchExpressions[0].key", "must be a string, not an array")]);
    }

    private static string Refused(string yaml) => Should.Throw<ManifestException>(() => ManifestReader.Read("given", yaml)).Message;

    private static IReadOnlyList<(string Path, string Message)> SchemaErrors(string key, string rule = "operator: Exists") =>
        SchemaValidator.Validate(ManifestReader.Read(
            "given",
            $$$"""
            apiVersion: wayleave.dev/v1beta1
            kind: ClientIntents
            metadata: {name: checkout}
            spec:
              workload: {name: checkout}
              clusters: {selector: {matchExpressions: [{key: {{{key}}}, {{{rule}}} }]}}
              targets: [{kubernetes: {name: cart}}]
            """)[0]);

    private static IEnumerable<string> Keywords(JsonObject schema) => schema.SelectMany(keyword => (keyword.Key, keyword.Value) switch
    {
        ("properties", JsonObject properties) => properties.SelectMany(property => Keywords(property.Value!.AsObject())).Append("properties"),
        ("anyOf" or "oneOf", JsonArray list) => list.SelectMany(one => Keywords(one!.AsObject())).Append(keyword.Key),
        (_, JsonObject nested) => Keywords(nested).Append(keyword.Key),
        _ => [keyword.Key],
    });
}
