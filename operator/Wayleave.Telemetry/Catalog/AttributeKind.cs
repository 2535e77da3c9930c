namespace Wayleave.Telemetry.Catalog;

/// <summary>The shapes an attribute's value can have. None of them is free text.</summary>
public enum AttributeKind
{
    /// <summary>A 64-bit integer.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>One of <see cref="UsageAttribute.Values"/>.</summary>
    Choice,

    /// <summary>A UUID (RFC 9562), lowercase, with hyphens.</summary>
    Uuid,

    /// <summary>64 lowercase hexadecimal digits.</summary>
    Hash,

    /// <summary>A semantic version without build metadata.</summary>
    Version,

    /// <summary>The <see cref="UsageEvent.Name"/> of an event of the catalog.</summary>
    EventName,

    /// <summary>The <see cref="UsageEvent.Type"/> of an event of the catalog.</summary>
    EventType,
}
