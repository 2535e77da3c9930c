using System.Globalization;
using System.Text.Json.Nodes;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Telemetry.Records;

/// <summary>
/// The value of an attribute. It can be made of a number, an id, a version or a member of a closed list, and of nothing else: there is
/// no way to make one of a text, so no name, address or message of anything in a cluster can become one by mistake.
/// </summary>
public sealed record AttributeValue
{
    private AttributeValue(object raw) => Raw = raw;

    /// <summary>A <see cref="string"/>, a <see cref="long"/> or a <see cref="bool"/>: what OTLP has a type for.</summary>
    public object Raw { get; }

    public static AttributeValue From(long number) => new(number);

    public static AttributeValue From(bool flag) => new(flag);

    public static AttributeValue From(Guid id) => new(id.ToString("D", CultureInfo.InvariantCulture));

    public static AttributeValue From(ContextId id) => new(id.Value);

    public static AttributeValue From(SemanticVersion version) => new(version.Value);

    public static AttributeValue From(ExceptionTypeName name) => new(name.Value);

    public static AttributeValue From(ComponentType component) => new(EnumNames.GetName(component));

    public static AttributeValue From(ErrorComponent component) => new(EnumNames.GetName(component));

    public static AttributeValue From(SizeBucket bucket) => new(EnumNames.GetName(bucket));

    public static AttributeValue From(OperatingSystemKind system) => new(EnumNames.GetName(system));

    public static AttributeValue From(CpuArchitecture architecture) => new(EnumNames.GetName(architecture));

    public static AttributeValue FromNoun(CountedCommand command) => new(command.Noun);

    /// <summary>Null if the command is a noun alone.</summary>
    public static AttributeValue? FromVerb(CountedCommand command) => command.Verb is { } verb ? new(verb) : null;

    /// <summary>Null if no option was given.</summary>
    public static AttributeValue? FromModifiers(CountedCommand command) => command.Modifiers.Length > 0 ? new(command.Modifiers) : null;

    public static AttributeValue FromName(UsageEvent usage) => new(usage.Name);

    public static AttributeValue FromType(UsageEvent usage) => new(usage.Type);

    internal JsonNode ToJson() => Raw switch
    {
        long number => number,
        bool flag => flag,
        _ => (string)Raw,
    };

    public override string ToString() => Convert.ToString(Raw, CultureInfo.InvariantCulture)!;

    /// <summary>
    /// Reads back what the ledger kept. Null unless <paramref name="raw"/> is a value that <paramref name="attribute"/> can have, so
    /// that a text which someone wrote into the ledger is not sent either.
    /// </summary>
    internal static AttributeValue? RestoreOrNull(UsageAttribute attribute, object raw) => (attribute.Kind, raw) switch
    {
        (AttributeKind.Number, long number) => new AttributeValue(number),
        (AttributeKind.Flag, bool flag) => new AttributeValue(flag),
        (AttributeKind.Choice, string text) when attribute.Values.Contains(text) => new AttributeValue(text),
        (AttributeKind.Words, string text) when CountedCommand.AreModifiers(text, attribute.Values) => new AttributeValue(text),
        (AttributeKind.Uuid, string text) when Guid.TryParseExact(text, "D", out var id) => From(id),
        (AttributeKind.Hash, string text) when ContextId.ParseOrNull(text) is { } id => From(id),
        (AttributeKind.Version, string text) when SemanticVersion.ParseOrNull(text) is { } version => From(version),
        (AttributeKind.EventName, string text) when UsageCatalog.All.Any(usage => usage.Name == text) => new AttributeValue(text),
        (AttributeKind.EventType, string text) when UsageCatalog.Find(text) is { } usage => FromType(usage),
        _ => null,
    };
}
