using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Records;

/// <summary>
/// One record, complete and final: what is in it is what is sent, shown locally and kept in the ledger, however often it is tried.
/// </summary>
/// <param name="Event">The event it tells of.</param>
/// <param name="Time">When it was made; both timestamps of the OTLP log record.</param>
/// <param name="Attributes">All its attributes, in the order in which they are sent.</param>
public sealed record UsageRecord(UsageEvent Event, DateTimeOffset Time, ImmutableArray<RecordAttribute> Attributes)
{
    /// <summary>Null if the record does not carry <paramref name="attribute"/>.</summary>
    public AttributeValue? this[UsageAttribute attribute] => Attributes.FirstOrDefault(entry => entry.Attribute == attribute)?.Value;
}
