using Wayleave.Enforcement.Internet;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.EventHandlers;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Recording;

namespace Wayleave.Operator.Domains;

/// <summary>Refreshes the lookups of declared domains, and enqueues the clients when a result changed.</summary>
internal sealed class DomainReconciler(
    DomainLookupRunner lookups, DomainCache cache, AffectedPolicyEnqueuer affected, DomainReporter reporter, TimeProvider time)
    : IReconciler<DomainName>
{
    public Task<ReconciliationResult> ReconcileAsync(DomainName key, CancellationToken cancellationToken) =>
        Task.FromResult(Reconcile(key.Name));

    private ReconciliationResult Reconcile(string domain)
    {
        if (cache.Get(domain) is not { } known || (!affected.HasClientsOf(domain) && cache.TryForget(known)))
        {
            lookups.Discard(domain);
            return ReconciliationResult.Done;
        }

        if (lookups.TryGetResultOrStart(domain, affected.FindClientsOf(domain)) is not { } lookup)
        {
            // When it ends, it adds the name to the queue.
            return ReconciliationResult.NoRequeue;
        }

        reporter.LookedUp(lookup);
        var failures = lookup.IsAnswered ? 0 : known.Failures + 1;
        var history = lookup.IsAnswered
            ? known.History.WithAnswer(lookup.Addresses, time.GetUtcNow(), lookup.Unanswered)
            : known.History.WithFailure(DomainFailures.ResolverFailed);
        cache.Update(history, failures);
        if (!IsSame(known.History.Answer, history.Answer))
        {
            affected.EnqueueForDomain(domain);
            reporter.Changed(domain, history.Answer);
        }

#pragma warning disable CA5394 // Jitter needs no secrecy.
        return ReconciliationResult.RequeueAfter(LookupSchedule.GetDelay(lookup, failures, Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }

    private static bool IsSame(DomainAnswer left, DomainAnswer right) =>
        left.IsKnown == right.IsKnown
            && left.IsAnswered == right.IsAnswered
            && left.Failure == right.Failure
            && left.Addresses.SequenceEqual(right.Addresses);
}

/// <summary>Counts lookups, and records changed answers in the event store.</summary>
/// <param name="cluster">The member cluster. Null for the operator's own cluster.</param>
internal sealed class DomainReporter(DomainMetrics metrics, OperatorEventRecorder events, string? cluster)
{
    public void LookedUp(DomainLookupResult lookup) => metrics.LookedUp(lookup.Addresses.Count > 0);

    public void Changed(string domain, DomainAnswer answer) => events.DomainResolved(domain, answer.Addresses, cluster);
}

/// <summary>When a name is looked up again.</summary>
internal static class LookupSchedule
{
    // An address stays allowed for minutes after it expired, so more frequent lookups would only load the nameserver.
    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(5);

    // Half the grace period, so that an address that is still returned never expires.
    private static readonly TimeSpan _longest = DomainHistory.GracePeriod / 2;

    // A missing name may be created soon, and a user may be waiting.
    private static readonly TimeSpan _longestWithoutAddress = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _longestAfterFailure = TimeSpan.FromMinutes(1);

    /// <summary>The delay until the next lookup.</summary>
    /// <param name="lookup">The result of the last lookup.</param>
    /// <param name="failures">How many have failed in a row.</param>
    /// <param name="jitter">From 0 to 1: up to a tenth is added, so that names that were asked for together do not stay together.</param>
    public static TimeSpan GetDelay(DomainLookupResult lookup, int failures, double jitter)
    {
        var delay = !lookup.IsAnswered ? Min(_shortest * Math.Pow(2, Math.Min(failures - 1, 10)), _longestAfterFailure)
            : lookup.Addresses.Count == 0 ? Min(lookup.TimeToLive, _longestWithoutAddress)
            : Min(lookup.TimeToLive, _longest);
        return (delay < _shortest ? _shortest : delay) * (1 + (jitter / 10));
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
