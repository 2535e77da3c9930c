using k8s.Models;
using Wayleave.Api.Schema;

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
    /// The namespaces that this policy governs, by label. Defaults to all namespaces. System namespaces (kube-*, openshift-*, the operator's
    /// own, and those that the operator is configured with) are governed only when kubernetes.io/metadata.name names them here.
    /// </summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>
    /// Enforce writes network policies. Shadow writes only those of ProtectedServices and reports the rest. Disabled writes none and deletes
    /// the ones that were written before.
    /// </summary>
    [Schema(EnumOf = typeof(EnforcementModes))]
    public string Mode { get; set; } = "";

    /// <summary>Also restrict what clients may reach to what their ClientIntents name. False when absent.</summary>
    public bool? Egress { get; set; }

    /// <summary>Whose ClientIntents count for servers in the governed namespaces.</summary>
    public AcceptedIntents? AcceptFrom { get; set; }

    /// <summary>Traffic that is allowed without any ClientIntents.</summary>
    public AllowedTraffic? Allow { get; set; }
}

/// <summary>Whose ClientIntents count for the servers of a namespace.</summary>
public sealed class AcceptedIntents
{
    /// <summary>
    /// Namespaces whose ClientIntents count, by label; the governed namespace itself is included only when the selector matches it. Intents
    /// from other namespaces neither isolate a server nor allow a call to it. Defaults to all namespaces.
    /// </summary>
    public V1LabelSelector? NamespaceSelector { get; set; }
}
