namespace Wayleave.Telemetry.Settings;

/// <summary>
/// The command line's flags, as given: null where a flag was not given. They are texts, so that a flag that cannot be read is seen
/// here and turns telemetry off, instead of ending the program. The API key has no flag, because command lines are not secret.
/// </summary>
public sealed record TelemetryFlags
{
    /// <summary><c>--telemetry-enabled</c>.</summary>
    public string? Enabled { get; init; }

    /// <summary><c>--telemetry-usage-enabled</c>.</summary>
    public string? UsageEnabled { get; init; }

    /// <summary><c>--telemetry-errors-enabled</c>.</summary>
    public string? ErrorsEnabled { get; init; }

    /// <summary><c>--telemetry-endpoint</c>; empty means: no endpoint, whatever the environment says.</summary>
    public string? Endpoint { get; init; }

    /// <summary><c>--telemetry-insecure</c>.</summary>
    public string? Insecure { get; init; }

    /// <summary><c>--telemetry-api-key-file</c>.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary><c>--telemetry-ca-file</c>.</summary>
    public string? CaFile { get; init; }

    /// <summary><c>--telemetry-active-interval</c>.</summary>
    public string? ActiveInterval { get; init; }

    /// <summary><c>--telemetry-flush-interval</c>.</summary>
    public string? FlushInterval { get; init; }

    /// <summary><c>--telemetry-debug</c>.</summary>
    public string? Debug { get; init; }
}
