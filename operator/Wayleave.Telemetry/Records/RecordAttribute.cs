using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Records;

/// <summary>One attribute of a record.</summary>
/// <param name="Attribute">Which.</param>
/// <param name="Value">Its value.</param>
public sealed record RecordAttribute(UsageAttribute Attribute, AttributeValue Value);
