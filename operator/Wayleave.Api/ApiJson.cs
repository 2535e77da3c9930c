using System.Text.Json.Serialization;
using Wayleave.Kubernetes;

namespace Wayleave.Api;

/// <summary>Source-generated JSON of the kinds of this project. Nulls are not written.</summary>
[JsonSerializable(typeof(ClientIntents))]
[JsonSerializable(typeof(EntityList<ClientIntents>))]
[JsonSerializable(typeof(ProtectedService))]
[JsonSerializable(typeof(EntityList<ProtectedService>))]
[JsonSerializable(typeof(EnforcementPolicy))]
[JsonSerializable(typeof(EntityList<EnforcementPolicy>))]
[JsonSerializable(typeof(Cluster))]
[JsonSerializable(typeof(EntityList<Cluster>))]
[JsonSerializable(typeof(KafkaServerConfig))]
[JsonSerializable(typeof(EntityList<KafkaServerConfig>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class ApiJson : JsonSerializerContext;
