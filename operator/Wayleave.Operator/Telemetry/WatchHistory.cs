using System.Globalization;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>Reads from the API server which objects of a kind went, with their last states: a watch from the past, for as long as that is kept.</summary>
internal sealed class WatchHistory<TEntity>(IKubernetesClient client, Func<TEntity, ObjectUsage> usageOf)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    // The past comes at once; two seconds before it ends the watch, the API server sends a bookmark, which nothing of the past follows.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    // An API server that stalls may end a watch before it has sent anything; one that sends no bookmarks is believed in the end.
    private const int MostSilences = 3;

    /// <returns>Null if the API server does not keep it any more.</returns>
    public async Task<IReadOnlyList<ObjectDeath>?> ReadAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        if (after <= 0)
        {
            return null; // To an API server that would mean: from whenever you like.
        }

        var deaths = new List<ObjectDeath>();
        try
        {
            var reached = after;
            for (var silences = 0; reached < upTo && silences < MostSilences;)
            {
                var further = await ReadOnAsync(reached, upTo, deaths, cancellationToken);
                (reached, silences) = (further, further > reached ? 0 : silences + 1);
            }

            return deaths;
        }
        catch (KubernetesException error) when (error.IsGone)
        {
            return null;
        }
    }

    /// <returns>How far it came: all the way, if it is known that nothing more is to come.</returns>
    private async Task<long> ReadOnAsync(long after, long upTo, List<ObjectDeath> deaths, CancellationToken cancellationToken)
    {
        var query = new ListOptions { ResourceVersion = after.ToString(CultureInfo.InvariantCulture), Timeout = Length };
        var reached = after;
        await foreach (var change in client.WatchAsync<TEntity>(query, cancellationToken))
        {
            reached = ObjectFollower<TEntity>.Position(change.Entity.Metadata.ResourceVersion);
            if (change.Type == WatchEventType.Deleted && reached <= upTo)
            {
                deaths.Add(new ObjectDeath(ObjectId.Of(change.Entity.Metadata.Uid ?? ""), usageOf(change.Entity), reached));
            }

            if (reached >= upTo || change.Type == WatchEventType.Bookmark)
            {
                return upTo;
            }
        }

        return reached;
    }
}
