using System.Text.Json.Serialization;
using Wayleave.Kubernetes;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

[JsonSerializable(typeof(Widget))]
[JsonSerializable(typeof(EntityList<Widget>))]
[JsonSerializable(typeof(UnservedWidget))]
[JsonSerializable(typeof(EntityList<UnservedWidget>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class WidgetJson : JsonSerializerContext;
