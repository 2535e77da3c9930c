using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Reconciling;

/// <summary>What counts the objects of each kind that is counted by the object.</summary>
internal sealed class AppliedKinds(IUsageCounter usage)
{
    public AppliedObjects Protections { get; } = new(usage, UsageCatalogue.ProtectedServiceApplied, UsageCatalogue.ProtectedServiceDeleted);

    public AppliedObjects Enforcements { get; } = new(usage, UsageCatalogue.PoliciesApplied, UsageCatalogue.PoliciesDeleted);

    public AppliedObjects KafkaServers { get; } = new(usage, UsageCatalogue.KafkaServerConfigApplied, UsageCatalogue.KafkaServerConfigDeleted);
}
