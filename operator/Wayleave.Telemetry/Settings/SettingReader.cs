using System.Collections.Immutable;

namespace Wayleave.Telemetry.Settings;

/// <summary>
/// Reads settings from flags and environment, and collects what cannot be read. No message repeats a value: it may be a secret.
/// </summary>
internal sealed class SettingReader(IReadOnlyDictionary<string, string> environment)
{
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

    public ImmutableArray<string> Problems => _problems.ToImmutable();

    /// <summary>The first setting that turns telemetry off because it cannot be read; null if there was none.</summary>
    public string? Unreadable { get; private set; }

    public SettingValue<bool> Switch(string? flag, string flagName, string variable, bool fallback)
    {
        var (text, source) = Find(flag, flagName, variable);
        if (text is null)
        {
            return new(fallback, flagName);
        }

        if (SwitchText.TryParse(text) is { } value)
        {
            return new(value, source);
        }

        return new(false, NotASwitch(source));
    }

    /// <summary>The variable's name if it asks not to be tracked.</summary>
    public string? DoNotTrack()
    {
        var text = Variable(TelemetryVariables.DoNotTrack);
        var allowed = text is null || text == "0" || string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);
        return allowed ? null : TelemetryVariables.DoNotTrack;
    }

    /// <summary>The variable's name if it turns every OpenTelemetry SDK off. Neither true nor false turns telemetry off too.</summary>
    public string? SdkDisabled()
    {
        const string Name = TelemetryVariables.SdkDisabled;
        return Variable(Name) is not { } text ? null : SwitchText.TryParse(text) switch
        {
            true => Name,
            false => null,
            null => NotASwitch(Name),
        };
    }

    public TimeSpan Interval(string? flag, string flagName, string variable, IntervalRange range)
    {
        var (text, source) = Find(flag, flagName, variable);
        if (text is null)
        {
            return range.Default;
        }

        if (DurationText.TryParse(text) is not { } value)
        {
            _problems.Add(
                $"{source} is not a duration, so {DurationText.Write(range.Default)} is used; write it like 90s, 1m30s or 00:01:30.");
            return range.Default;
        }

        if (value < range.Minimum || value > range.Maximum)
        {
            _problems.Add(
                $"{source} is out of range, so {DurationText.Write(range.Default)} is used; "
                + $"set it to between {DurationText.Write(range.Minimum)} and {DurationText.Write(range.Maximum)}.");
            return range.Default;
        }

        return value;
    }

    public string? File(string? flag, string flagName, string variable) =>
        Find(flag, flagName, variable).Text is { Length: > 0 } path ? path : null;

    public SettingValue<Uri?> Endpoint(string? flag)
    {
        var variable = Variable(TelemetryVariables.Endpoint) is null ? TelemetryVariables.StandardEndpoint : TelemetryVariables.Endpoint;
        var (text, source) = Find(flag, "--telemetry-endpoint", variable);
        if (string.IsNullOrEmpty(text) || !KeyIsUsable)
        {
            return new(null, source);
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.Scheme == Uri.UriSchemeHttp)
            && endpoint is { UserInfo: "", Fragment: "", Host.Length: > 0 })
        {
            return new(endpoint, source);
        }

        _problems.Add(
            $"{source} is not an address telemetry can be sent to, so nothing is sent; "
            + $"write it like https://collector.example.com, without a user, and put a key into {TelemetryVariables.ApiKey}.");
        return new(null, source);
    }

    public CollectorHeaders Headers()
    {
        const string Name = TelemetryVariables.Headers;
        try
        {
            return Variable(Name) is { } text ? CollectorHeaders.Parse(text) : CollectorHeaders.None;
        }
        catch (FormatException error)
        {
            _problems.Add(
                $"{Name}: {error.Message}, so telemetry is off; write it like name1=value1,name2=value2 with percent-encoded values.");
            Unreadable ??= Name;
            return CollectorHeaders.None;
        }
    }

    /// <summary>
    /// The source of an endpoint to which a key would go in clear. A key file counts before it exists, and every header and query counts:
    /// any of them may be a key.
    /// </summary>
    /// <param name="endpoint">Where to send to.</param>
    /// <param name="hasKey">Whether a request carries an API key, or anything that may be one, beside the address.</param>
    /// <param name="flagged">Whether this was allowed.</param>
    public string? RefuseKeyInClear(SettingValue<Uri?> endpoint, bool hasKey, bool flagged)
    {
        if (flagged || endpoint.Value is not { IsLoopback: false } address || address.Scheme != Uri.UriSchemeHttp
            || !(hasKey || address.Query.Length > 0))
        {
            return null;
        }

        _problems.Add(
            $"{endpoint.Source} is a plain http:// address and would show the API key to the network, so telemetry is off; use https://, "
            + $"or set --telemetry-insecure ({TelemetryVariables.Insecure}, global.telemetry.insecure in the chart) to allow it.");
        return endpoint.Source;
    }

    public ApiKey? ApiKey()
    {
        if (Variable(TelemetryVariables.ApiKey) is not { } text)
        {
            return null;
        }

        var key = Settings.ApiKey.TryCreate(text);
        if (key is null)
        {
            KeyIsUsable = false;
            _problems.Add(
                $"{TelemetryVariables.ApiKey} has characters that no HTTP header can carry, so nothing is sent; set it to the key alone.");
        }

        return key;
    }

    private string NotASwitch(string source)
    {
        _problems.Add($"{source} is neither true nor false, so telemetry is off; set it to true or false.");
        Unreadable ??= source;
        return source;
    }

    private bool KeyIsUsable { get; set; } = true;

    private (string? Text, string Source) Find(string? flag, string flagName, string variable) =>
        flag is not null ? (flag.Trim(), flagName) : (Variable(variable), variable);

    private string? Variable(string name) =>
        environment.TryGetValue(name, out var text) && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
