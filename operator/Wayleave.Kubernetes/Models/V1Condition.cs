using System.Text.Json.Serialization;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Models;

/// <summary>One aspect of an object's state (Kubernetes API conventions, "Typical status properties").</summary>
public sealed class V1Condition
{
    public string Type { get; set; } = "";

    public string Status { get; set; } = "Unknown";

    public string Reason { get; set; } = "";

    public string Message { get; set; } = "";

    public long? ObservedGeneration { get; set; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; set; }
}
