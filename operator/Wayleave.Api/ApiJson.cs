using System.Text.Json.Serialization;
using Wayleave.Kubernetes;

namespace Wayleave.Api;

/// <summary>Source-generated JSON of the kinds of this project. Nulls are not written.</summary>
[JsonSerializable(typeof(ClientIntents))]
[JsonSerializable(typeof(EntityList<ClientIntents>))]
[JsonSerializable(typeof(ProtectedService))]
[JsonSerializable(typeof(EntityList<ProtectedService>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class ApiJson : JsonSerializerContext;
