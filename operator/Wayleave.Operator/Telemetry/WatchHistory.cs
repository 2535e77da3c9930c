using System.Globalization;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>Reads deleted objects with their last state, by watching from an earlier resourceVersion, if it has not expired.</summary>
/// <param name="client">The client of the API server.</param>
/// <param name="readUsage">Reads the counts of an object.</param>
/// <param name="time">For the length of a watch.</param>
/// <param name="getId">What is counted about an object. Null for the object itself.</param>
internal sealed partial class WatchHistory<TEntity>(
    IKubernetesClient client, Func<TEntity, ObjectUsage> readUsage, TimeProvider time, Func<TEntity, ObjectId>? getId = null)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Func<TEntity, ObjectId> _getId = getId ?? ObjectTrackerObserver<TEntity>.GetId;

    // Past events arrive at once. Then the watch is silent until the API server ends it.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    // A watch that ends late may have been delayed before it delivered anything. Retry this often.
    private const int MaxLateWatches = 5;

    // More versions may expire during the search.
    private const int MaxExpirations = 3;

    public async Task<ObjectHistory> ReadAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        // resourceVersion 0 would mean "any version".
        if (after <= 0)
        {
            return ObjectHistory.Expired;
        }

        long? from = after;
        for (var expired = 0; from <= upTo && expired < MaxExpirations; expired++)
        {
            var deleted = new List<DeletedObject>();
            try
            {
                await ReadAsync(from.Value, upTo, deleted, cancellationToken);
                return new ObjectHistory(deleted, IsComplete: expired == 0);
            }
            catch (KubernetesException error) when (error.IsGone)
            {
                from = await FindOldestKeptAsync(from.Value, upTo, OldestByMessage(error), cancellationToken);
            }
        }

        return ObjectHistory.Expired;
    }

    /// <summary>
    /// Finds the oldest version that a watch can still start from. The API has no field for it: an API server only answers 410 Gone for
    /// what is older. A binary search takes about twenty requests; a correct guess takes two.
    /// </summary>
    /// <param name="gone">A version that is not kept.</param>
    /// <param name="upTo">The last version of interest.</param>
    /// <param name="guess">Tried first; 0 for none. A wrong one costs a request and nothing else.</param>
    /// <returns>Null if nothing up to <paramref name="upTo"/> is kept.</returns>
    private async Task<long?> FindOldestKeptAsync(long gone, long upTo, long guess, CancellationToken cancellationToken)
    {
        var kept = upTo + 1;
        var probe = guess;
        while (kept - gone > 1)
        {
            if (probe <= gone || probe >= kept)
            {
                probe = gone + ((kept - gone) / 2);
            }

            if (await IsKeptAsync(probe, cancellationToken))
            {
                (kept, probe) = (probe, probe == guess ? probe - 1 : 0);
            }
            else
            {
                (gone, probe) = (probe, 0);
            }
        }

        return kept <= upTo ? kept : null;
    }

    // The API server rejects an expired version at once. If the answer is late, the version is assumed to be kept; reading from it later
    // detects the error.
    private async Task<bool> IsKeptAsync(long version, CancellationToken cancellationToken)
    {
        var query = new ListOptions { ResourceVersion = version.ToString(CultureInfo.InvariantCulture), Timeout = Length };
        using var silence = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            await using var changes = client.WatchAsync<TEntity>(query, either.Token).GetAsyncEnumerator(either.Token);
            await changes.MoveNextAsync();
            return true;
        }
        catch (KubernetesException error) when (error.IsGone)
        {
            return false;
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task ReadAsync(long after, long upTo, List<DeletedObject> deleted, CancellationToken cancellationToken)
    {
        var reached = after;
        for (var late = 0; reached < upTo && late < MaxLateWatches;)
        {
            var (position, isSilent) = await ReadOnAsync(reached, upTo, deleted, cancellationToken);
            late = position > reached ? 0 : late + 1;
            reached = isSilent ? upTo : position;
        }
    }

    /// <returns>The version that the watch reached, and whether it then was silent, so that no event is missing.</returns>
    private async Task<(long Position, bool IsSilent)> ReadOnAsync(
        long after, long upTo, List<DeletedObject> deleted, CancellationToken cancellationToken)
    {
        var query = new ListOptions { ResourceVersion = after.ToString(CultureInfo.InvariantCulture), Timeout = Length };
        var reached = after;
        var began = time.GetTimestamp();
        var last = began;
        await foreach (var change in client.WatchAsync<TEntity>(query, cancellationToken))
        {
            last = time.GetTimestamp();
            reached = ObjectTrackerObserver<TEntity>.ParsePosition(change.Entity.Metadata.ResourceVersion);
            if (change.Type == WatchEventType.Deleted && reached <= upTo)
            {
                deleted.Add(new DeletedObject(_getId(change.Entity), readUsage(change.Entity), reached));
            }

            if (reached >= upTo)
            {
                break;
            }
        }

        return (reached, time.GetElapsedTime(last) >= Silence && time.GetElapsedTime(began) <= Length + Silence);
    }

    // Only a guess: the watch cache answers "too old resource version: 7 (12)" if it keeps the versions after 12. Zero for any other
    // message.
    private static long OldestByMessage(KubernetesException error) =>
        TooOld().Match(error.Status.Message ?? "") is { Success: true } match
            ? ObjectTrackerObserver<TEntity>.ParsePosition(match.Groups["oldest"].Value)
            : 0;

    [GeneratedRegex(@"too old resource version: \d+ \((?<oldest>\d+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TooOld();
}
