using k8s.Models;
using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

/// <summary>A workload that is called.</summary>
public sealed class KubernetesTarget
{
    /// <summary>
    /// The workload's name, and its namespace after a dot when it is not this object's: cart, or orders.billing. A name that has
    /// a dot itself is always given with its namespace.
    /// </summary>
    [Schema(MinLength = 1, MaxLength = 317, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>Kind of the workload. Required only where workloads of several kinds have the name.</summary>
    [Schema(EnumOf = typeof(WorkloadKinds))]
    public string? Kind { get; set; }

    /// <summary>
    /// Labels of the server's Pods in its namespace, for Pods of a controller that is none of the supported kinds, such as an Argo Rollout
    /// or a database operator. When set, the name is only a label for statuses and policies, and kind is ignored.
    /// </summary>
    public V1LabelSelector? Selector { get; set; }

    /// <summary>
    /// Ports of the server's Pods that the client calls: 8080, "53/UDP", "9000-9010", "9000-9010/UDP", or the name of a container port.
    /// TCP unless a protocol is given. Defaults to every port and protocol.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.Port)]
    public List<PortNumberOrName>? Ports { get; set; }

    /// <summary>The HTTP requests that are made. The connection is enforced, the paths are not yet.</summary>
    [Schema(MaxItems = 100)]
    public List<HttpResource>? Http { get; set; }
}
