using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>One target of one <see cref="ClientIntents"/>, seen from its client.</summary>
/// <param name="Client">The workload that calls.</param>
public sealed record DeclaredEgress(ClientIntents Intents, int TargetIndex, WorkloadReference Client, Destination Destination)
{
    /// <summary>The target's key in the spec, for messages.</summary>
    public string Field => Destination switch
    {
        Decisions.Destination.ToWorkload => $"spec.targets[{TargetIndex}].{TargetTypes.Kubernetes}",
        Decisions.Destination.ToService => $"spec.targets[{TargetIndex}].{TargetTypes.Service}",
        _ => $"spec.targets[{TargetIndex}].{TargetTypes.Internet}",
    };
}
