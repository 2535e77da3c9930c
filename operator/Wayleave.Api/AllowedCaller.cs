using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

/// <summary>Pods that may call every server in the governed namespaces. Both selectors, where given, must match.</summary>
[Schema(RequireAnyOf = ["namespaceSelector", "podSelector"])]
public sealed class AllowedCaller
{
    /// <summary>Their namespaces; an empty selector takes in all, an absent one the server's own.</summary>
    public V1LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Their labels; an empty selector, or none, takes in every pod of the namespaces.</summary>
    public V1LabelSelector? PodSelector { get; set; }

    /// <summary>The TCP ports that they may call; every port when absent.</summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535)]
    public List<int>? Ports { get; set; }
}
