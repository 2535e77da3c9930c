using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

/// <summary>Which namespaces are governed, and how.</summary>
public sealed class EnforcementPolicySpec
{
    /// <summary>
    /// Of the policies that select a namespace, the one with the highest priority governs it alone; of equals the older, then the one whose
    /// name comes first. 0 when absent.
    /// </summary>
    [Schema(Minimum = 0, Maximum = 1000)]
    public int? Priority { get; set; }

    /// <summary>
    /// The namespaces it governs, by label; all when absent or empty. kube-system, kube-public, kube-node-lease and the operator's own
    /// namespace are governed only when kubernetes.io/metadata.name names them here.
    /// </summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>
    /// Enforce writes network policies. Shadow writes those of ProtectedServices alone and reports the rest. Off writes none. Put Off in
    /// quotation marks: YAML reads the bare word as false.
    /// </summary>
    [Schema(EnumOf = typeof(EnforcementModes))]
    public string Mode { get; set; } = "";

    /// <summary>Also restrict what clients may reach to what their ClientIntents name. False when absent.</summary>
    public bool? Egress { get; set; }

    /// <summary>What is allowed without any ClientIntents.</summary>
    public AllowedTraffic? Allow { get; set; }
}
