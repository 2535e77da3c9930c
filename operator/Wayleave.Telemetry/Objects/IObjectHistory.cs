using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Objects;

/// <summary>Finds objects that were deleted while this process was not watching.</summary>
public interface IObjectHistory
{
    /// <summary>The objects that went after one place in the kind's stream and no later than another.</summary>
    Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken);
}

/// <summary>What is remembered of a stretch of a kind's stream.</summary>
/// <param name="Deaths">The objects that went, in their order.</param>
/// <param name="IsWhole">Whether the whole stretch is remembered; otherwise only its end is, or nothing.</param>
public sealed record ObjectHistory(IReadOnlyList<DeletedObject> Deaths, bool IsWhole)
{
    /// <summary>Nothing is remembered.</summary>
    public static ObjectHistory Forgotten { get; } = new([], IsWhole: false);
}
