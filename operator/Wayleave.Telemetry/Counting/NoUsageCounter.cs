using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Counting;

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
