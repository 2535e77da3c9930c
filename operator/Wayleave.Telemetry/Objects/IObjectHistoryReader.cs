using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Objects;

/// <summary>Finds objects that were deleted while this process was not watching.</summary>
public interface IObjectHistoryReader
{
    /// <summary>The objects that were deleted after one position and not later than another.</summary>
    Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken);
}

/// <summary>The deleted objects of a range of resource versions.</summary>
/// <param name="Deaths">The objects that went, in their order.</param>
/// <param name="IsWhole">Whether the whole range is known. Otherwise only its end, or nothing.</param>
public sealed record ObjectHistory(IReadOnlyList<DeletedObject> Deaths, bool IsWhole)
{
    /// <summary>Nothing is remembered.</summary>
    public static ObjectHistory Forgotten { get; } = new([], IsWhole: false);
}
