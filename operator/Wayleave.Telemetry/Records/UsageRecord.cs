using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Records;

/// <summary>
/// One record, complete and final: what is in it is what is sent, shown locally and kept in the ledger, however often it is tried.
/// </summary>
/// <param name="Event">The event.</param>
/// <param name="Time">When it was made; both timestamps of the OTLP log record.</param>
/// <param name="Attributes">All its attributes, in the order in which they are sent.</param>
public sealed record UsageRecord(UsageEvent Event, DateTimeOffset Time, ImmutableArray<RecordAttribute> Attributes)
{
    /// <summary>Null if the record does not carry <paramref name="attribute"/>.</summary>
    public AttributeValue? this[UsageAttribute attribute] => Attributes.FirstOrDefault(entry => entry.Attribute == attribute)?.Value;
}

/// <summary>One attribute of a record.</summary>
/// <param name="Attribute">Which.</param>
/// <param name="Value">Its value.</param>
public sealed record RecordAttribute(UsageAttribute Attribute, AttributeValue Value);

/// <summary>The sender, the same in every record of a session.</summary>
/// <param name="Context">The cluster.</param>
/// <param name="InstanceId">The installation.</param>
/// <param name="Version">The program's version.</param>
internal sealed record TelemetryResource(ContextId Context, Guid InstanceId, SemanticVersion Version);
