namespace Wayleave.Telemetry.Objects;

/// <summary>A kind's objects as they stand.</summary>
/// <param name="Live">All that are there, those never applied included.</param>
/// <param name="Deaths">Those that went after <paramref name="Since"/>, in the order of their going.</param>
/// <param name="Since">From where in the kind's stream the deaths are complete.</param>
/// <param name="Position">Up to where in the kind's stream this tells all.</param>
internal sealed record ObjectSnapshot(
    IReadOnlyDictionary<ObjectId, ObjectState> Live, IReadOnlyList<DeletedObject> Deaths, long Since, long Position);
