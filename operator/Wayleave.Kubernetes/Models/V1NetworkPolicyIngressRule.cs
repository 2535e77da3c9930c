using System.Text.Json.Serialization;

namespace Wayleave.Kubernetes.Models;

public sealed class V1NetworkPolicyIngressRule
{
    [JsonPropertyName("from")]
    public List<V1NetworkPolicyPeer>? FromProperty { get; set; }

    public List<V1NetworkPolicyPort>? Ports { get; set; }
}
