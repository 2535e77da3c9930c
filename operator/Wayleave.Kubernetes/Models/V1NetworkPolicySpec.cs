namespace Wayleave.Kubernetes.Models;

public sealed class V1NetworkPolicySpec
{
    public V1LabelSelector? PodSelector { get; set; }

    public List<string>? PolicyTypes { get; set; }

    public List<V1NetworkPolicyIngressRule>? Ingress { get; set; }

    public List<V1NetworkPolicyEgressRule>? Egress { get; set; }
}
