using System.Collections.Immutable;
using Wayleave.Settings;

namespace Wayleave.Telemetry.Settings;

/// <summary>The options of telemetry. The API key has no flag, because command lines are not secret.</summary>
public static class TelemetryFlags
{
    public static Setting<bool> Enabled { get; } = CreateSwitch(
        "telemetry-enabled", "true",
        "Keep anonymous counts, and send them if there is an endpoint. DO_NOT_TRACK=1 and OTEL_SDK_DISABLED=true turn it off too.");

    public static Setting<bool> UsageEnabled { get; } = CreateSwitch("telemetry-usage-enabled", "true", "Count usage.");

    public static Setting<bool> ErrorsEnabled { get; } = CreateSwitch("telemetry-errors-enabled", "true", "Count errors by type.");

    /// <summary>An empty flag means: no endpoint, whatever the environment says.</summary>
    public static Setting<Uri?> Endpoint { get; } = new(
        "telemetry-endpoint", "URL", "",
        "URL of the OTLP/HTTP collector. Defaults to OTEL_EXPORTER_OTLP_ENDPOINT. Without both, nothing is sent.",
        TelemetryParsers.Endpoint,
        "OTEL_EXPORTER_OTLP_ENDPOINT");

    /// <summary>Allows an API key to be sent over <c>http://</c> to an address that is not loopback.</summary>
    public static Setting<bool> Insecure { get; } = CreateSwitch(
        "telemetry-insecure", "false",
        "Allow sending an API key over http:// to an address that is not loopback. Otherwise telemetry is off in that case.");

    /// <summary>The file wins over <see cref="ApiKey"/> while it has a key.</summary>
    public static Setting<string?> ApiKeyFile { get; } = new(
        "telemetry-api-key-file", "FILE", "",
        "File with the API key of the collector, read for each request. Defaults to OTEL_EXPORTER_OTLP_API_KEY.",
        SettingParsers.Text);

    public static Setting<string?> CaFile { get; } = new(
        "telemetry-ca-file", "FILE", "",
        "PEM file with the trusted certificate authorities of the collector. Defaults to those of the system.",
        SettingParsers.Text);

    public static Setting<TimeSpan> ActiveInterval { get; } = new(
        "telemetry-active-interval", "DURATION", "24h",
        "Interval of the ACTIVE event.",
        SettingParsers.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(31)));

    public static Setting<TimeSpan> FlushInterval { get; } = new(
        "telemetry-flush-interval", "DURATION", "60s",
        "Interval at which counts are saved and sent.",
        SettingParsers.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)));

    public static Setting<bool> Debug { get; } = CreateSwitch(
        "telemetry-debug", "false", "Log each record that is sent, or would be sent.");

    /// <summary>Those that have a flag, in the order of the help.</summary>
    public static ImmutableArray<Setting> All { get; } =
        [Enabled, UsageEnabled, ErrorsEnabled, Endpoint, Insecure, ApiKeyFile, CaFile, ActiveInterval, FlushInterval, Debug];

    public static Setting<bool> DoNotTrack { get; } = Setting.InEnvironment<bool>(
        "DO_NOT_TRACK", "false",
        "Anything but 0, false and an empty text turns telemetry off; see consoledonottrack.com.",
        TelemetryParsers.DoNotTrack);

    public static Setting<bool> SdkDisabled { get; } = Setting.InEnvironment(
        "OTEL_SDK_DISABLED", "false",
        "The switch of the OpenTelemetry specification. true turns telemetry off.",
        SettingParsers.Switch);

    /// <summary>See <see cref="CollectorHeaders.Parse"/>.</summary>
    public static Setting<CollectorHeaders> Headers { get; } = Setting.InEnvironment<CollectorHeaders>(
        "OTEL_EXPORTER_OTLP_HEADERS", "",
        "More headers of each request to the collector, as the OpenTelemetry specification defines them: name1=value1,name2=value2.",
        TelemetryParsers.Headers);

    public static Setting<ApiKey?> ApiKey { get; } = Setting.InEnvironment<ApiKey?>(
        "OTEL_EXPORTER_OTLP_API_KEY", "",
        "API key of the collector. It has no flag, because command lines are not secret.",
        TelemetryParsers.ApiKey);

    /// <summary>Those that have a variable and no flag.</summary>
    public static ImmutableArray<Setting> InEnvironment { get; } = [DoNotTrack, SdkDisabled, Headers, ApiKey];

    private static Setting<bool> CreateSwitch(string name, string defaultText, string description) =>
        new(name, placeholder: null, defaultText, description, SettingParsers.Switch);
}
