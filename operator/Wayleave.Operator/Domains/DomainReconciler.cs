using System.Net.Sockets;
using Wayleave.Enforcement.Internet;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Metrics;

namespace Wayleave.Operator.Domains;

/// <summary>Looks names up again and again while somebody declares them, and tells of answers that changed.</summary>
internal sealed class DomainReconciler(IDomainResolver resolver, DomainBook book, DomainClients clients, DomainMetrics metrics, TimeProvider time)
    : IReconciler<DomainName>
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    public async Task<ReconciliationResult> ReconcileAsync(DomainName key, CancellationToken cancellationToken)
    {
        if (!clients.AreThere(key.Name) || book.Of(key.Name) is not { } before)
        {
            book.Forget(key.Name);
            return ReconciliationResult.Done;
        }

        var now = await LookUpAsync(before, cancellationToken);
        book.Remember(now);
        if (!Same(before.Answer, now.Answer))
        {
            clients.Enqueue(key.Name);
        }

        return ReconciliationResult.RequeueAfter(Refresh);
    }

    private async Task<DomainMemory> LookUpAsync(DomainMemory before, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await resolver.ResolveAsync(before.Domain, cancellationToken);
            metrics.LookedUp(addresses.Count > 0);
            return before.Answered(addresses, time.GetUtcNow());
        }
        catch (Exception error) when (error is SocketException or TimeoutException)
        {
            // Not worth a retry of its own: the next look-up comes in half a minute, and the last good answer holds until then.
            metrics.LookedUp(answered: false);
            return before.Failed(DomainFailures.ResolverFailed);
        }
    }

    private static bool Same(DomainAnswer left, DomainAnswer right) =>
        left.IsKnown == right.IsKnown && left.Failure == right.Failure && left.Addresses.SequenceEqual(right.Addresses);
}
