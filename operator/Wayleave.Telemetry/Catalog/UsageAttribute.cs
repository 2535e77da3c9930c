using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>An attribute that a record may carry. Instances exist only in <see cref="UsageAttributeCatalog"/>.</summary>
public sealed class UsageAttribute
{
    internal UsageAttribute(string key, AttributeKind kind, string description, params ImmutableArray<string> values) =>
        (Key, Kind, Description, Values) = (key, kind, description, values);

    /// <summary>The key on the wire.</summary>
    public string Key { get; }

    public AttributeKind Kind { get; }

    /// <summary>One sentence for the documentation.</summary>
    public string Description { get; }

    /// <summary>Every value that can occur, in order of declaration; empty unless <see cref="Kind"/> is a choice or words.</summary>
    public ImmutableArray<string> Values { get; }

    public override string ToString() => Key;
}

/// <summary>The shapes an attribute's value can have. None of them is free text.</summary>
public enum AttributeKind
{
    /// <summary>A 64-bit integer.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>One of <see cref="UsageAttribute.Values"/>.</summary>
    Choice,

    /// <summary>One or more of <see cref="UsageAttribute.Values"/> in their order, each at most once, separated by commas.</summary>
    Words,

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
