using System.Globalization;
using System.Text.RegularExpressions;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Telemetry;

/// <summary>Reads from the API server which objects of a kind went, with their last states: a watch from the past, for as long as that is kept.</summary>
internal sealed partial class WatchHistory<TEntity>(IKubernetesClient client, Func<TEntity, ObjectUsage> usageOf, TimeProvider time)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    // The past comes at once; then nothing does, until the API server ends the watch.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    // A watch that ends late was held up, perhaps before it told anything: it is asked again, so often.
    private const int MostLate = 5;

    // What an API server keeps moves on while it is asked for.
    private const int MostForgotten = 3;

    public async Task<ObjectPast> ReadAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        var from = after;
        for (var forgotten = 0; from > 0 && from <= upTo && forgotten < MostForgotten; forgotten++)
        {
            var deaths = new List<ObjectDeath>();
            try
            {
                await ReadAsync(from, upTo, deaths, cancellationToken);
                return new ObjectPast(deaths, IsWhole: forgotten == 0);
            }
            catch (KubernetesException error) when (error.IsGone)
            {
                from = OldestKept(error.Message);
            }
        }

        // To an API server, a place of 0 would mean: from whenever you like.
        return ObjectPast.Forgotten;
    }

    private async Task ReadAsync(long after, long upTo, List<ObjectDeath> deaths, CancellationToken cancellationToken)
    {
        var reached = after;
        for (var late = 0; reached < upTo && late < MostLate;)
        {
            var (position, isSilent) = await ReadOnAsync(reached, upTo, deaths, cancellationToken);
            late = position > reached ? 0 : late + 1;
            reached = isSilent ? upTo : position;
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

    // "too old resource version: 7 (12)": what follows 12 is kept, as the watch cache of every API server has said since 1.5. Zero if it says
    // nothing of the kind.
    private static long OldestKept(string message) =>
        TooOld().Match(message) is { Success: true } match ? ObjectFollower<TEntity>.Position(match.Groups["oldest"].Value) : 0;

    [GeneratedRegex(@"too old resource version: \d+ \((?<oldest>\d+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TooOld();
}
