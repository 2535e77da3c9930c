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
    Ours,

    /// <summary>This installation: no other one has a policy for the declaration, and there is no other in the cluster.</summary>
    Unclaimed,

    /// <summary>No installation has a policy for it, and there are several.</summary>
    Open,

    /// <summary>Another one, which owns the policies.</summary>
    Anothers,

    /// <summary>The declaration selects only member clusters, and this installation has none.</summary>
    Elsewhere,
}

/// <summary>
/// Selects the installation that writes the status of a declaration: the owner of the policies of its servers and client. If there are
/// several owners, the first mark in order wins, so that all installations agree.
/// </summary>
internal sealed class StatusReporterSelector(ClusterCache cache, ResultStore board, OperatorOptions options)
{
    public StatusReporter Of(ClientIntents intents) => Of(intents.Parse().Clusters, ClusterResultCollector.Subjects(intents));

    public StatusReporter Of(ProtectedService protection) =>
        Of(protection.Parse().Clusters, protection.Parse().Server is { } server ? [server] : []);

    private StatusReporter Of(ClusterSelection? clusters, IEnumerable<PolicyKey> subjects)
    {
        if (!options.Clusters && !ClusterSelectionMatcher.IncludesLocal(clusters))
        {
            return StatusReporter.Elsewhere;
        }

        // Mostly there is no other installation.
        if (cache.Policies.Store.CountByIndex(Indexers.Another, Indexers.Any) == 0 || !ClusterSelectionMatcher.IncludesLocal(clusters))
        {
            return StatusReporter.Unclaimed;
        }

        return subjects.Aggregate(OwningInstallations.None, (owners, subject) => owners.With(board.Of(subject).Owners)) switch
        {
            { IsOwn: false, Other: null } => StatusReporter.Open,
            { Other: null } => StatusReporter.Ours,
            { IsOwn: true, Other: { } other } when string.CompareOrdinal(cache.Owner.Installation, other) < 0 => StatusReporter.Ours,
            _ => StatusReporter.Anothers,
        };
    }
}
