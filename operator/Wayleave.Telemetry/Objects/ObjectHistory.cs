namespace Wayleave.Telemetry.Objects;

/// <summary>What is remembered of a stretch of a kind's stream.</summary>
/// <param name="Deaths">The objects that went, in their order.</param>
/// <param name="IsWhole">Whether the whole stretch is remembered; otherwise only its end is, or nothing.</param>
public sealed record ObjectHistory(IReadOnlyList<DeletedObject> Deaths, bool IsWhole)
{
    /// <summary>Nothing is remembered.</summary>
    public static ObjectHistory Forgotten { get; } = new([], IsWhole: false);
}
