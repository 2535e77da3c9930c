using System.Text.Json.Serialization;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Models;

/// <summary>An event in the <c>events.k8s.io/v1</c> form.</summary>
[KubernetesEntity(Group = "events.k8s.io", ApiVersion = "v1", Kind = "Event", PluralName = "events")]
public sealed class Eventsv1Event : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? EventTime { get; set; }

    public string? ReportingController { get; set; }

    public string? ReportingInstance { get; set; }

    public string? Action { get; set; }

    public string? Reason { get; set; }

    public string? Note { get; set; }

    public string? Type { get; set; }

    public V1ObjectReference? Regarding { get; set; }

    public Eventsv1EventSeries? Series { get; set; }
}
