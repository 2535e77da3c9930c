using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>Selects the clusters to enforce in. If empty, only the local cluster, which holds the object.</summary>
public sealed class ClusterSelection
{
    /// <summary>Selects clusters by name.</summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public List<string>? Names { get; set; }

    /// <summary>Selects clusters by label.</summary>
    public V1LabelSelector? Selector { get; set; }
}
