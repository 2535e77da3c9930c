namespace Wayleave.Telemetry.Settings;

/// <summary>The environment variables that telemetry reads. It reads no others.</summary>
public static class TelemetryVariables
{
    public const string Enabled = "WAYLEAVE_TELEMETRY_ENABLED";

    /// <summary>Anything but empty, <c>0</c> and <c>false</c> turns telemetry off; see consoledonottrack.com.</summary>
    public const string DoNotTrack = "DO_NOT_TRACK";

    /// <summary>The OpenTelemetry specification's switch: true turns telemetry off.</summary>
    public const string SdkDisabled = "OTEL_SDK_DISABLED";

    public const string UsageEnabled = "WAYLEAVE_TELEMETRY_USAGE_ENABLED";

    public const string ErrorsEnabled = "WAYLEAVE_TELEMETRY_ERRORS_ENABLED";

    public const string Endpoint = "WAYLEAVE_TELEMETRY_ENDPOINT";

    /// <summary>Used where <see cref="Endpoint"/> is not set.</summary>
    public const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>More headers, as the OpenTelemetry specification defines them; see <see cref="CollectorHeaders.Parse"/>.</summary>
    public const string Headers = "OTEL_EXPORTER_OTLP_HEADERS";

    /// <summary>Allows an API key to be sent over <c>http://</c> to an address that is not loopback.</summary>
    public const string Insecure = "WAYLEAVE_TELEMETRY_INSECURE";

    public const string ApiKey = "OTEL_EXPORTER_OTLP_API_KEY";

    /// <summary>The file wins over <see cref="ApiKey"/> while it has one.</summary>
    public const string ApiKeyFile = "WAYLEAVE_TELEMETRY_API_KEY_FILE";

    public const string CaFile = "WAYLEAVE_TELEMETRY_CA_FILE";

    public const string ActiveInterval = "WAYLEAVE_TELEMETRY_ACTIVE_INTERVAL";

    public const string FlushInterval = "WAYLEAVE_TELEMETRY_FLUSH_INTERVAL";

    public const string Debug = "WAYLEAVE_TELEMETRY_DEBUG";
}
