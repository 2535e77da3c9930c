namespace Wayleave.Kubernetes.Models;

/// <summary>Selectors given together in one peer must both match.</summary>
public sealed class V1NetworkPolicyPeer
{
    public V1LabelSelector? PodSelector { get; set; }

    public V1LabelSelector? NamespaceSelector { get; set; }

    public V1IPBlock? IpBlock { get; set; }
}
