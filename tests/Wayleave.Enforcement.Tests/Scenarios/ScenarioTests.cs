using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Status;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Tests.Scenarios;

/// <summary>
/// Each scenario is a folder that is named as a sentence. <c>given.yaml</c> has the mode and the objects. <c>expected.yaml</c> has the policies
/// and the statuses, without the fields that are always the same. <c>kept</c> lists policies that are updated where they exist and are not created.
/// </summary>
public class ScenarioTests
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Scenarios");
    private static readonly JsonSerializerOptions _indented = new(SourceGenerationContext.Default.Options)
    {
        WriteIndented = true,
        TypeInfoResolver = SourceGenerationContext.Default,
    };

    public static TheoryData<string> Names => [.. Directory.GetDirectories(_folder).Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Produces_the_expected_policies_and_statuses(string name)
    {
        var given = YamlObjects.Read(Path.Combine(_folder, name, "given.yaml"));
        var cluster = new ScenarioCluster([.. given.Skip(1)], Enum.Parse<EnforcementMode>((string)given[0]["mode"]!));

        var plans = cluster.Decide();

        var actual = new JsonObject { ["policies"] = Policies(plans.SelectMany(plan => plan.Desired)) };
        if (plans.SelectMany(plan => plan.Retained).Where(cluster.IsInForce).ToList() is { Count: > 0 } kept)
        {
            actual["kept"] = Policies(kept);
        }

        actual["statuses"] = Statuses(cluster, plans);
        var expected = YamlObjects.Read(Path.Combine(_folder, name, "expected.yaml"))[0];
        JsonNode.DeepEquals(actual, expected).ShouldBeTrue($"Actual result:\n{actual.ToJsonString(_indented)}");
    }

    private static JsonArray Policies(IEnumerable<V1NetworkPolicy> policies) => new(policies
        .OrderBy(policy => policy.Metadata.NamespaceProperty, StringComparer.Ordinal)
        .ThenBy(policy => policy.Metadata.Name, StringComparer.Ordinal)
        .Select(Policy)
        .ToArray());

    private static JsonNode? Policy(V1NetworkPolicy policy)
    {
        PolicyMetadataReader.ReadKey(policy).ShouldNotBeNull();
        var spec = JsonSerializer.SerializeToNode(policy.Spec, SourceGenerationContext.Default.V1NetworkPolicySpec)!.AsObject();
        spec.Remove("policyTypes");
        return new JsonObject { ["name"] = $"{policy.Metadata.NamespaceProperty}/{policy.Metadata.Name}", ["spec"] = spec };
    }

    private static JsonArray Statuses(ScenarioCluster cluster, List<PolicyPlan> plans) => new([
        .. cluster.Intents.Select(intents => Status(intents, plans)),
        .. cluster.Protections.Select(protection => Status(protection, plans))]);

    private static JsonObject Status(ClientIntents intents, List<PolicyPlan> plans)
    {
        var results = plans.SelectMany(plan => plan.IntentResults).Where(result => result.Intents == NamespacedName.From(intents));
        var status = ClientIntentsStatusBuilder.Build(intents, results, DateTimeOffset.UnixEpoch);
        var targets = status.Targets!.Select(target => (JsonNode)$"{target.Type} {target.Name}: {target.State} ({target.Reason}){Remark(target)}");
        return new JsonObject
        {
            ["name"] = $"ClientIntents {NamespacedName.From(intents)}",
            ["enforced"] = status.Enforced,
            ["conditions"] = Conditions(status.Conditions!),
            ["targets"] = new JsonArray(targets.ToArray()),
        };
    }

    private static JsonObject Status(ProtectedService protection, List<PolicyPlan> plans)
    {
        var results = plans.SelectMany(plan => plan.ProtectionResults).Where(result => result.Protection == NamespacedName.From(protection));
        var status = ProtectedServiceStatusBuilder.Summarize(protection, results, DateTimeOffset.UnixEpoch);
        return new JsonObject { ["name"] = $"ProtectedService {NamespacedName.From(protection)}", ["conditions"] = Conditions(status.Conditions!) };
    }

    // The message of the object has the problems of targets that are not enforced.
    private static string Remark(TargetStatus target) => target is { State: TargetStateNames.Enforced, Message: { } message } ? $": {message}" : "";

    // Reconciling and Stalled have the same message as Ready, which is listed last.
    private static JsonArray Conditions(List<V1Condition> conditions) => new([
        .. conditions.Select(condition => (JsonNode)(condition.Type is ConditionTypes.Ready or ConditionTypes.Reconciling or ConditionTypes.Stalled
            ? $"{condition.Type}={condition.Status} {condition.Reason}"
            : $"{condition.Type}={condition.Status} {condition.Reason}: {condition.Message}")),
        conditions[0].Message]);
}
