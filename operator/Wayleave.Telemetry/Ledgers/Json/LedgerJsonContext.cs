using System.Text.Json.Serialization;

namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>Indented, because people read it in <c>kubectl get configmap -o yaml</c>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    RespectNullableAnnotations = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SortedDictionary<string, long>))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(PendingJson))]
[JsonSerializable(typeof(BatchJson))]
internal sealed partial class LedgerJsonContext : JsonSerializerContext;
