namespace Wayleave.Telemetry.Objects;

/// <summary>What became of a kind's objects since the last look.</summary>
/// <param name="Seen">Objects that are there, with what they say now.</param>
/// <param name="Gone">Objects that went, in the order of their going.</param>
/// <param name="Position">Up to where in the kind's stream this tells all.</param>
/// <param name="IsListed">Whether the stream was cut: what was before is not kept any more, so the position is worth keeping.</param>
internal sealed record ObjectChanges(
    IReadOnlyList<KeyValuePair<ObjectId, ObjectState>> Seen, IReadOnlyList<DeletedObject> Gone, long Position, bool IsListed);
