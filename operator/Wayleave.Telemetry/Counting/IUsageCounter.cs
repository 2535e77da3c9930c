using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Counting;

/// <summary>
/// Counts what happens in this process; what becomes of the cluster's objects is counted from their state
/// (<see cref="Objects.ObjectFeed"/>). Safe from any thread, on the hot path of a reconciler: a call takes nanoseconds, allocates nothing,
/// never waits, and whether, when and where the count is sent is none of the caller's business.
/// </summary>
public interface IUsageCounter
{
    /// <param name="usage">An event of the catalog that is not planned.</param>
    /// <param name="count">How many; nothing happens if it is not positive.</param>
    /// <exception cref="ArgumentException">A programming error: the event is only planned, or is ERRORS.</exception>
    void Add(UsageEvent usage, long count = 1);

    /// <summary>
    /// Counts an error by the part of the operator and the name of <paramref name="exceptionType"/>, and by nothing else of it.
    /// </summary>
    void CountError(ErrorComponent component, Type exceptionType);
}

/// <summary>Counts nothing: what a program with telemetry off is given.</summary>
public sealed class NoUsageCounter : IUsageCounter
{
    public void Add(UsageEvent usage, long count = 1)
    {
        // Off means off.
    }

    public void CountError(ErrorComponent component, Type exceptionType)
    {
        // Off means off.
    }
}
