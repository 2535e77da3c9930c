using System.Globalization;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>Reads from the API server which objects of a kind went, with their last states: a watch from the past, for as long as that is kept.</summary>
internal sealed class WatchHistory<TEntity>(IKubernetesClient client, Func<TEntity, ObjectUsage> usageOf, TimeProvider time)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    // The past comes at once; then nothing does, until the API server ends the watch.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    // A watch that ends late was held up, perhaps before it told anything: it is asked again, so often.
    private const int MostLate = 5;

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
            for (var late = 0; reached < upTo && late < MostLate;)
            {
                var (position, isSilent) = await ReadOnAsync(reached, upTo, deaths, cancellationToken);
                late = position > reached ? 0 : late + 1;
                reached = isSilent ? upTo : position;
            }

            return deaths;
        }
        catch (KubernetesException error) when (error.IsGone)
        {
            return null;
        }
    }

    /// <returns>How far it came, and whether there was nothing more to come.</returns>
    private async Task<(long Position, bool IsSilent)> ReadOnAsync(
        long after, long upTo, List<ObjectDeath> deaths, CancellationToken cancellationToken)
    {
        var query = new ListOptions { ResourceVersion = after.ToString(CultureInfo.InvariantCulture), Timeout = Length };
        var reached = after;
        var began = time.GetTimestamp();
        var last = began;
        await foreach (var change in client.WatchAsync<TEntity>(query, cancellationToken))
        {
            last = time.GetTimestamp();
            reached = ObjectFollower<TEntity>.Position(change.Entity.Metadata.ResourceVersion);
            if (change.Type == WatchEventType.Deleted && reached <= upTo)
            {
                deaths.Add(new ObjectDeath(ObjectId.Of(change.Entity.Metadata.Uid ?? ""), usageOf(change.Entity), reached));
            }

            if (reached >= upTo)
            {
                break;
            }
        }

        return (reached, time.GetElapsedTime(last) >= Silence && time.GetElapsedTime(began) <= Length + Silence);
    }
}
