using System.Text.Json;

namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>The text of <see cref="LedgerKeys.Pending"/>.</summary>
internal sealed class PendingJson
{
    public List<CountJson?> Counts { get; init; } = [];

    /// <summary>ACTIVE's description of the cluster, by attribute key.</summary>
    public Dictionary<string, JsonElement>? Shape { get; init; }
}
