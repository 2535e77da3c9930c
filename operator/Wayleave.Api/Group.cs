using System.Text.Json.Serialization;

namespace Wayleave.Api;

/// <summary>The API group and version.</summary>
public static class Group
{
    /// <summary>The API group.</summary>
    public const string Name = "wayleave.dev";

    /// <summary>The only version so far.</summary>
    public const string Version = "v1beta1";

    /// <summary>The value of <c>apiVersion</c>.</summary>
    public const string ApiVersion = Name + "/" + Version;
}

/// <summary>Source-generated JSON of the kinds of this project. Nulls are not written.</summary>
[JsonSerializable(typeof(ClientIntents))]

[JsonSerializable(typeof(ProtectedService))]

[JsonSerializable(typeof(EnforcementPolicy))]

[JsonSerializable(typeof(Cluster))]

[JsonSerializable(typeof(KafkaServerConfig))]

[JsonSerializable(typeof(ObservedIntents))]

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class ApiJson : JsonSerializerContext;
