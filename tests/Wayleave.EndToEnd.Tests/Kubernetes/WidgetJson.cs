using System.Text.Json.Serialization;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

[JsonSerializable(typeof(Widget))]
[JsonSerializable(typeof(UnservedWidget))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class WidgetJson : JsonSerializerContext;
