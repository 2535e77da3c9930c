using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>The keys under which the parts of a ledger are stored.</summary>
public static class LedgerKeys
{
    /// <summary>The format version of the ledger, <see cref="CurrentFormat"/>. A ledger of a later format is reset.</summary>
    public const string Format = "format";

    public const string CurrentFormat = "1";

    public const string InstanceId = "instance-id";

    /// <summary>The random ID that replaces the ID of the cluster if it cannot be read.</summary>
    public const string FallbackContextId = "context-id";

    public const string Sequence = "sequence";

    public const string Totals = "totals";

    /// <summary>What waits to be sent.</summary>
    public const string Pending = "pending";

    /// <summary>The batch that is being sent, with its event ids.</summary>
    public const string InFlight = "in-flight";

    /// <summary>The batch that was acknowledged last, exactly as it was sent.</summary>
    public const string Acknowledged = "acknowledged";

    internal const string ObjectsPrefix = "objects-";

    /// <summary>Whether the part is a text of its own; the others are JSON.</summary>
    internal static bool IsText(string key) => key is InstanceId or FallbackContextId or Format;

    /// <summary>The key as a member's name in Pascal case, for example InFlight.</summary>
    internal static string MemberName(string key) =>
        string.Concat(
            (key == FallbackContextId ? "fallback-" + key : key).Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    public static string Objects(CountedKind kind) => ObjectsPrefix + kind.Name;
}
