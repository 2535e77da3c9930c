using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>What one workload calls.</summary>
public sealed class ClientIntentsSpec
{
    /// <summary>The client: the workload that calls, in this object's namespace.</summary>
    public WorkloadRef Workload { get; set; } = new();

    /// <summary>The clusters to enforce in; only this one when absent.</summary>
    public ClusterSelection? Clusters { get; set; }

    /// <summary>What the client calls.</summary>
    [Schema(MinItems = 1, MaxItems = 1000)]
    public List<IntentTarget> Targets { get; set; } = [];
}
