using System.Text.Json;
using Wayleave.Testing.Exactness;

namespace Wayleave.EndToEnd.Tests.Exactness;

public sealed class UsageTruthTests
{
    private const string Intents = "/registry/wayleave.dev/clientintents/shop/checkout";

    [Fact]
    public void Counts_each_generation_once_when_first_ready_and_the_last_ready_one_when_deleted() => UsageTruth.Of(
    [
        Change(Intents, Stored("a", 1, 0, "False", "{kubernetes: {}}")),
        Change(Intents, Stored("a", 1, 1, "True", "{kubernetes: {}}")),
        Change(Intents, Stored("a", 1, 1, "False", "{kubernetes: {}}")),
        Change(Intents, Stored("a", 1, 1, "True", "{kubernetes: {}}")),
        Change(Intents, Stored("a", 2, 1, "True", "{kubernetes: {http: [{}]}}, {internet: {}}, {sql: {}}")),
        Change(Intents, Stored("a", 2, 2, "True", "{kubernetes: {http: [{}]}}, {internet: {}}, {sql: {}}")),
        Change(Intents, Stored("a", 3, 3, "False", "")),
        Change(Intents, null),
    ]).ShouldBe(new Dictionary<string, long>
    {
        ["INTENTS_APPLIED"] = 4,
        ["INTENTS_APPLIED_HTTP"] = 1,
        ["INTENTS_APPLIED_INTERNET"] = 1,
        ["INTENTS_APPLIED_DATABASE"] = 1,
        ["INTENTS_DELETED"] = 3,
    }, ignoreOrder: true);

    [Fact]
    public void Treats_a_new_uid_under_the_same_name_as_another_object() => UsageTruth.Of(
    [
        Change(Intents, Stored("a", 1, 1, "True", "{kubernetes: {}}")),
        Change(Intents, Stored("b", 1, 0, "True", "{kubernetes: {}}")),
        Change(Intents, null),
    ]).ShouldBe(new Dictionary<string, long> { ["INTENTS_APPLIED"] = 1, ["INTENTS_DELETED"] = 1 }, ignoreOrder: true);

    [Fact]
    public void Counts_only_policies_that_the_operator_applied()
    {
        const string Ours = """{metadata: {uid: "a", managedFields: [{manager: "wayleave", operation: "Apply"}]}}""";
        const string Others = """{metadata: {uid: "b", managedFields: [{manager: "kubectl", operation: "Update"}]}}""";

        UsageTruth.Of(
        [
            Change("/registry/networkpolicies/shop/one", Ours), Change("/registry/networkpolicies/shop/two", Others),
            Change("/registry/networkpolicies/shop/one", null), Change("/registry/networkpolicies/shop/two", null),
        ]).ShouldBe(new Dictionary<string, long> { ["NETWORK_POLICIES_CREATED"] = 1, ["NETWORK_POLICIES_DELETED"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public void Counts_a_Cluster_once_and_each_rotation_of_its_credentials_once()
    {
        const string East = "/registry/wayleave.dev/clusters/east";

        UsageTruth.Of(
        [
            Change(East, Connected("False", "")), Change(East, Connected("True", """, credentials: "one" """)),
            Change(East, Connected("False", """, credentials: "one" """)), Change(East, Connected("True", """, credentials: "two" """)),
            Change(East, Connected("True", """, credentials: "one" """)), Change(East, null),
        ]).ShouldBe(new Dictionary<string, long> { ["CLUSTERS_APPLIED"] = 1, ["CLUSTER_CREDENTIALS_ROTATED"] = 2, ["CLUSTERS_DELETED"] = 1 }, ignoreOrder: true);
    }

    private static string Connected(string ready, string credentials) =>
        $$$"""{metadata: {uid: "a", generation: 1}, spec: {}, status: {conditions: [{type: "Ready", status: "{{{ready}}}"}]{{{credentials}}}}}""";

    private static StoredChange Change(string key, string? json) =>
        new(key, json is null ? null : JsonDocument.Parse(System.Text.RegularExpressions.Regex.Replace(json, @"(?<key>\w+):", "\"${key}\":", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))).RootElement, Revision: 1);

    private static string Stored(string uid, long generation, long observed, string ready, string targets) =>
        $$$"""{metadata: {uid: "{{{uid}}}", generation: {{{generation}}}}, spec: {targets: [{{{targets}}}]}, status: {observedGeneration: {{{observed}}}, conditions: [{type: "Ready", status: "{{{ready}}}"}]}}""";
}
