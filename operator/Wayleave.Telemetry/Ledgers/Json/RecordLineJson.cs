using System.Text.Json;

namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>One record of a batch.</summary>
internal sealed class RecordLineJson
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>By key, in the order in which they are sent.</summary>
    public required Dictionary<string, JsonElement> Attributes { get; init; }
}
