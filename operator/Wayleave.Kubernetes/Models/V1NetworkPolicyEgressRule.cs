namespace Wayleave.Kubernetes.Models;

public sealed class V1NetworkPolicyEgressRule
{
    public List<V1NetworkPolicyPeer>? To { get; set; }

    public List<V1NetworkPolicyPort>? Ports { get; set; }
}
