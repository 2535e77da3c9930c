using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Targets;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Reconciling;

/// <summary>Which of several installations in one cluster writes the status of a declaration.</summary>
internal enum StatusReporter
{
    /// <summary>This one: it owns the policies.</summary>
    ThisInstallation,

    /// <summary>This installation: no other one has a policy for the declaration, and there is no other in the cluster.</summary>
    Unclaimed,

    /// <summary>No installation has a policy for it, and there are several.</summary>
    Undecided,

    /// <summary>Another one, which owns the policies.</summary>
    OtherInstallation,

    /// <summary>The declaration selects only member clusters, and this installation has none.</summary>
    OtherClusters,
}

/// <summary>
/// Selects the installation that writes the status of a declaration: the owner of the policies of its servers and client. If there are
/// several owners, the first mark in order wins, so that all installations agree.
/// </summary>
internal sealed class StatusReporterSelector(ClusterCache cache, ResultStore results, OperatorOptions options)
{
    public StatusReporter Select(ClientIntents intents) => Select(intents.Parse().Clusters, ClusterResultCollector.GetPolicyKeys(intents));

    public StatusReporter Select(ProtectedService protection) =>
        Select(protection.Parse().Clusters, protection.Parse().Server is { } server ? [server] : []);

    private StatusReporter Select(ClusterSelection? clusters, IEnumerable<PolicyKey> subjects)
    {
        if (!options.AreClustersEnabled && !ClusterSelectionMatcher.IncludesLocal(clusters))
        {
            return StatusReporter.OtherClusters;
        }

        // Mostly there is no other installation.
        if (cache.Policies.Store.CountByIndex(Indexers.OtherInstallation, Indexers.Any) == 0
            || !ClusterSelectionMatcher.IncludesLocal(clusters))
        {
            return StatusReporter.Unclaimed;
        }

        return subjects.Aggregate(OwningInstallations.None, (owners, subject) => owners.With(results.Get(subject).Owners)) switch
        {
            { IsOwn: false, Other: null } => StatusReporter.Undecided,
            { Other: null } => StatusReporter.ThisInstallation,
            { IsOwn: true, Other: { } other } when string.CompareOrdinal(cache.Owner.Installation, other) < 0 =>
                StatusReporter.ThisInstallation,
            _ => StatusReporter.OtherInstallation,
        };
    }
}
