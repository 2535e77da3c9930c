using System.Collections.Immutable;

namespace Wayleave.Telemetry.Objects;

/// <summary>What has been counted of a kind's objects: the difference to their state is what is still to be counted.</summary>
/// <param name="Counted">What each object said when it was last counted. Objects that were never applied are not in it.</param>
/// <param name="Position">
/// Whatever happened up to here in the kind's stream has been counted; nothing that is told of it later is news.
/// </param>
internal sealed record CountedObjects(ImmutableDictionary<ObjectId, ObjectUsage> Counted, long Position)
{
    public static CountedObjects Empty { get; } = new(ImmutableDictionary<ObjectId, ObjectUsage>.Empty, -1);
}
