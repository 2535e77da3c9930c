using System.Text.Json.Serialization;

namespace Wayleave.Api;

/// <summary>Source-generated JSON of the kinds of this project. Nulls are not written.</summary>
[JsonSerializable(typeof(ClientIntents))]

[JsonSerializable(typeof(ProtectedService))]

[JsonSerializable(typeof(EnforcementPolicy))]

[JsonSerializable(typeof(Cluster))]

[JsonSerializable(typeof(KafkaServerConfig))]

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class ApiJson : JsonSerializerContext;
