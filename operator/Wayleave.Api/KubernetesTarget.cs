using Wayleave.Api.Schema;

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

    /// <summary>The workload's kind. Needed only where workloads of several kinds have the name.</summary>
    [Schema(EnumOf = typeof(WorkloadKinds))]
    public string? Kind { get; set; }

    /// <summary>The TCP ports of the pods that are called; every port and protocol when absent.</summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535)]
    public List<int>? Ports { get; set; }

    /// <summary>The HTTP requests that are made. The connection is enforced, the paths are not yet.</summary>
    [Schema(MaxItems = 100)]
    public List<HttpResource>? Http { get; set; }
}
