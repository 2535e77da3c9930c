using System.Text.Json.Serialization;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Models;

public sealed class Eventsv1EventSeries
{
    public int Count { get; set; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? LastObservedTime { get; set; }
}
