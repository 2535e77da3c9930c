using Wayleave.Api;
using Wayleave.Enforcement.Status;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Telemetry;

namespace Wayleave.Operator.Clusters;

/// <summary>Writes the status of a Cluster if it changed.</summary>
internal sealed class ClusterReporter(
    DeclarationCache declarations, StatusWriter statuses, TelemetryMarkCalculator marks, TimeProvider time)
{
    /// <param name="cluster">The object.</param>
    /// <param name="member">What is connected; null if nothing is.</param>
    /// <param name="found">The check result, without the fields that come from the member.</param>
    /// <returns>How long to back off because another writer keeps changing the status. Null if nothing is left to do.</returns>
    public async Task<TimeSpan?> WriteAsync(
        Cluster cluster, MemberCluster? member, ClusterCheckResult found, CancellationToken cancellationToken)
    {
        var policies = member is { HasSynced: true } ? member.Cache.Policies.Store : null;
        var finding = found with
        {
            Intents = member?.Intents.Store.Count ?? cluster.Status?.Intents ?? 0,
            Policies = policies is null
                ? null
                : policies.CountByIndex(
                    Indexers.Direction, WayleaveLabels.Ingress) + policies.CountByIndex(Indexers.Direction, WayleaveLabels.Egress),
            Credentials = found.Result.State == TargetStateNames.Enforced ? member?.Credentials.Digest : null,
            Identity = found.Result.State == TargetStateNames.Enforced && member?.Uid is { } uid
                ? Installation.ComputeClusterIdentity(uid)
                : null,
        };
        var status = ClusterStatusBuilder.Summarize(cluster, finding, time.GetUtcNow());
        status.Telemetry = marks.CalculateTelemetry(cluster, status);
        return await statuses.WriteAsync(declarations.Clusters.Store, cluster, status, cancellationToken);
    }
}
