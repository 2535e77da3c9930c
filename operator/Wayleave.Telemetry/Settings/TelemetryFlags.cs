using System.Collections.Immutable;

namespace Wayleave.Telemetry.Settings;

/// <summary>Everything about telemetry that can be set. The API key has no flag, because command lines are not secret.</summary>
public static class TelemetryFlags
{
    public static Setting<bool> Enabled { get; } = new(
        "telemetry-enabled",
        placeholder: null,
        "true",
        "Whether anonymous counts are kept and, given an endpoint, sent; DO_NOT_TRACK=1 and OTEL_SDK_DISABLED=true turn it off as well.",
        SettingParsers.Switch);

    public static Setting<bool> UsageEnabled { get; } = new(
        "telemetry-usage-enabled", placeholder: null, "true", "Whether usage is counted.", SettingParsers.Switch);

    public static Setting<bool> ErrorsEnabled { get; } = new(
        "telemetry-errors-enabled", placeholder: null, "true", "Whether errors are counted, by type.", SettingParsers.Switch);

    /// <summary>An empty flag means: no endpoint, whatever the environment says.</summary>
    public static Setting<Uri?> Endpoint { get; } = new(
        "telemetry-endpoint",
        "URL",
        "",
        "The OTLP/HTTP collector; without it OTEL_EXPORTER_OTLP_ENDPOINT; without both nothing is sent.",
        TelemetryParsers.Endpoint,
        "OTEL_EXPORTER_OTLP_ENDPOINT");

    /// <summary>Allows an API key to be sent over <c>http://</c> to an address that is not loopback.</summary>
    public static Setting<bool> Insecure { get; } = new(
        "telemetry-insecure",
        placeholder: null,
        "false",
        "Allow an API key to be sent in clear, over http:// to an address that is not loopback; without it telemetry is off then.",
        SettingParsers.Switch);

    /// <summary>The file wins over <see cref="ApiKey"/> while it has a key.</summary>
    public static Setting<string?> ApiKeyFile { get; } = new(
        "telemetry-api-key-file",
        "FILE",
        "",
        "A file with the collector's API key, read again for each request; without it OTEL_EXPORTER_OTLP_API_KEY.",
        SettingParsers.Text);

    public static Setting<string?> CaFile { get; } = new(
        "telemetry-ca-file",
        "FILE",
        "",
        "A PEM file with the only authorities that may have signed the collector's certificate; without it those that the system trusts.",
        SettingParsers.Text);

    public static Setting<TimeSpan> ActiveInterval { get; } = new(
        "telemetry-active-interval",
        "DURATION",
        "24h",
        "How often ACTIVE is counted.",
        SettingParsers.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(31)));

    public static Setting<TimeSpan> FlushInterval { get; } = new(
        "telemetry-flush-interval",
        "DURATION",
        "60s",
        "How often counts are written to the ledger and sent.",
        SettingParsers.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)));

    public static Setting<bool> Debug { get; } = new(
        "telemetry-debug",
        placeholder: null,
        "false",
        "Show each record in the log as it is sent, or would be.",
        SettingParsers.Switch);

    /// <summary>Those that have a flag, in the order of the help.</summary>
    public static ImmutableArray<Setting> All { get; } =
        [Enabled, UsageEnabled, ErrorsEnabled, Endpoint, Insecure, ApiKeyFile, CaFile, ActiveInterval, FlushInterval, Debug];

    /// <summary>Anything but empty, <c>0</c> and <c>false</c> turns telemetry off; see consoledonottrack.com.</summary>
    public static Setting<bool> DoNotTrack { get; } = Setting.InEnvironment<bool>("DO_NOT_TRACK", "false", TelemetryParsers.DoNotTrack);

    /// <summary>The OpenTelemetry specification's switch: true turns telemetry off.</summary>
    public static Setting<bool> SdkDisabled { get; } = Setting.InEnvironment("OTEL_SDK_DISABLED", "false", SettingParsers.Switch);

    /// <summary>More headers, as the OpenTelemetry specification defines them; see <see cref="CollectorHeaders.Parse"/>.</summary>
    public static Setting<CollectorHeaders> Headers { get; } =
        Setting.InEnvironment<CollectorHeaders>("OTEL_EXPORTER_OTLP_HEADERS", "", TelemetryParsers.Headers);

    public static Setting<ApiKey?> ApiKey { get; } =
        Setting.InEnvironment<ApiKey?>("OTEL_EXPORTER_OTLP_API_KEY", "", TelemetryParsers.ApiKey);
}
