using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Counting;

/// <summary>
/// Counts events of this process. Objects of the cluster are counted from their state (<see cref="Objects.ObjectTracker"/>). Safe from any
/// thread, on the hot path of a reconciler: a call takes nanoseconds, allocates nothing and never blocks.
/// </summary>
public interface IUsageCounter
{
    /// <param name="usage">An event of the catalog that is not planned.</param>
    /// <param name="count">How many; nothing happens if it is not positive.</param>
    /// <exception cref="ArgumentException">A programming error: the event is only planned, or is ERRORS or CLI_COMMAND.</exception>
    void Add(UsageEvent usage, long count = 1);

    /// <summary>
    /// Counts an error by the part of the operator and the name of <paramref name="exceptionType"/>, and by nothing else of it.
    /// </summary>
    void CountError(ErrorComponent component, Type exceptionType);
}

/// <summary>Counts nothing. Used if telemetry is off.</summary>
public sealed class NullUsageCounter : IUsageCounter
{
    public void Add(UsageEvent usage, long count = 1)
    {
        // Telemetry is off.
    }

    public void CountError(ErrorComponent component, Type exceptionType)
    {
        // Telemetry is off.
    }
}
