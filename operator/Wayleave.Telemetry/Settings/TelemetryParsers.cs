using Wayleave.Settings;

namespace Wayleave.Telemetry.Settings;

/// <summary>Reads the settings of requests to a collector, and those that only telemetry has.</summary>
public static class TelemetryParsers
{
    /// <summary>Headers of requests to a collector. See <see cref="CollectorHeaders.Parse"/>.</summary>
    public static CollectorHeaders Headers(string text, out SettingError? error)
    {
        error = null;
        try
        {
            return CollectorHeaders.Parse(text);
        }
        catch (FormatException exception)
        {
            error = new SettingError(
                $"is not a list of headers ({exception.Message})", "write it like name1=value1,name2=value2 with percent-encoded values");
            return CollectorHeaders.None;
        }
    }

    internal static Uri? Endpoint(string text, out SettingError? error)
    {
        error = null;
        if (text.Length == 0)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.Scheme == Uri.UriSchemeHttp)
            && endpoint is { UserInfo: "", Fragment: "", Host.Length: > 0 })
        {
            return endpoint;
        }

        error = new SettingError(
            "is not an address telemetry can be sent to",
            "write it like https://collector.example.com, without a user, and put a key into OTEL_EXPORTER_OTLP_API_KEY");
        return null;
    }

    internal static bool DoNotTrack(string text, out SettingError? error)
    {
        error = null;
        return text != "0" && !string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);
    }

    internal static ApiKey? ApiKey(string text, out SettingError? error)
    {
        var key = Settings.ApiKey.CreateOrNull(text);
        error = key is null && text.Length > 0
            ? new SettingError("has characters that no HTTP header can carry", "set it to the key alone")
            : null;
        return key;
    }
}
