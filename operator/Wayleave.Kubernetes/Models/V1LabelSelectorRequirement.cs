using System.Text.Json.Serialization;

namespace Wayleave.Kubernetes.Models;

public sealed class V1LabelSelectorRequirement
{
    public string Key { get; set; } = "";

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
    [JsonPropertyName("operator")]
    public string OperatorProperty { get; set; } = "";

    public List<string>? Values { get; set; }
}
