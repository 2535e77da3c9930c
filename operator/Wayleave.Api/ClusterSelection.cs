using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>The clusters to enforce in. When absent or empty: only the cluster that holds the object, which is called local.</summary>
public sealed class ClusterSelection
{
    /// <summary>Clusters by name.</summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public List<string>? Names { get; set; }

    /// <summary>Clusters by label.</summary>
    public V1LabelSelector? Selector { get; set; }
}
