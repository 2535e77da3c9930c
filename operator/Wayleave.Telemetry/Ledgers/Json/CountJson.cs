namespace Wayleave.Telemetry.Ledgers.Json;

/// <summary>One count that waits.</summary>
internal sealed class CountJson
{
    public required string Type { get; init; }

    public required long Count { get; init; }

    /// <summary>Of an error only.</summary>
    public string? Component { get; init; }

    /// <summary>Of an error only.</summary>
    public string? Exception { get; init; }
}
