using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Enforcement.Status;

/// <summary>
/// Whether the status in the cluster is the one that it should be, so that an unchanged status costs no write. Compares the JSON, so that a
/// new field cannot be forgotten. Conditions of other writers do not count.
/// </summary>
public static class StatusEquality
{
    // The former name of Overridden: removed from statuses that have it.
    private const string OverriddenBefore = "Outranked";

    private static readonly JsonSerializerOptions _withoutConditions = new(ApiJson.Default.Options)
    {
        TypeInfoResolver = ApiJson.Default.WithAddedModifier(RemoveConditions),
        Converters = { new SortedLabels() },
    };

    /// <param name="actual">As read from the API server.</param>
    /// <param name="desired">As it should be, with all conditions of ours.</param>
    public static bool AreEqual<TStatus>(TStatus? actual, TStatus? desired)
        where TStatus : class, IConditionedStatus =>
        ReferenceEquals(actual, desired)
        || (actual is not null && desired is not null
            && actual.ObservedGeneration == desired.ObservedGeneration
            && SameConditions(actual.Conditions, desired.Conditions)
            && ToJson(actual, _withoutConditions).AsSpan().SequenceEqual(ToJson(desired, _withoutConditions)));

    /// <summary>Whether the operator that owns the policies writes a condition of that type.</summary>
    public static bool IsOurs(V1Condition condition) =>
        condition.Type is ConditionTypes.Ready or ConditionTypes.Reconciling or ConditionTypes.Stalled or ConditionTypes.Paused
            or ConditionTypes.SelectorOverlap or ConditionTypes.UnstableLabels
            or ConditionTypes.ExternalTraffic or ConditionTypes.Overridden
            or ConditionTypes.UndeclaredCalls or ConditionTypes.ReadyToEnforce
            or OverriddenBefore;

    // By type: the list is a map to the API server, which may keep it in another order than the one that was applied.
    private static bool SameConditions(List<V1Condition>? actual, List<V1Condition>? desired) =>
        (actual?.Count(IsOurs) ?? 0) == (desired?.Count ?? 0)
        && desired?.TrueForAll(condition => actual?.Find(other => other.Type == condition.Type) is { } same
            && ToJson(same, ApiJson.Default.Options).AsSpan().SequenceEqual(ToJson(condition, ApiJson.Default.Options))) != false;

    private static byte[] ToJson<T>(T value, JsonSerializerOptions options) =>
        JsonSerializer.SerializeToUtf8Bytes(value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));

    private static void RemoveConditions(JsonTypeInfo info)
    {
        for (var i = info.Properties.Count - 1; i >= 0 && typeof(IConditionedStatus).IsAssignableFrom(info.Type); i--)
        {
            if (info.Properties[i].PropertyType == typeof(List<V1Condition>))
            {
                info.Properties.RemoveAt(i);
            }
        }
    }

    // The API server returns the labels of a selector in the order of their keys.
    private sealed class SortedLabels : JsonConverter<IDictionary<string, string>>
    {
        public override IDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("It is only written.");

        public override void Write(Utf8JsonWriter writer, IDictionary<string, string> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, label) in value.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                writer.WriteString(key, label);
            }

            writer.WriteEndObject();
        }
    }
}
