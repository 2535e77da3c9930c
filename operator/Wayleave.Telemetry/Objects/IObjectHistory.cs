using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Objects;

/// <summary>Knows which objects went while nobody of this process was watching.</summary>
public interface IObjectHistory
{
    /// <summary>The objects that went after one place in the kind's stream and no later than another.</summary>
    Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken);
}
