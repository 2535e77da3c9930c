using System.Collections.Immutable;
using Wayleave.Settings;

namespace Wayleave.Telemetry.Settings;

/// <summary>Resolves the telemetry settings, including invalid and conflicting values. Messages never contain a value.</summary>
internal sealed class TelemetrySettingsResolver(SettingBinder binder)
{
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();
    private string? _unreadable;

    public TelemetrySettings Resolve()
    {
        var enabled = BindOrDisable(TelemetryFlags.Enabled);
        var usage = BindOrDisable(TelemetryFlags.UsageEnabled);
        var errors = BindOrDisable(TelemetryFlags.ErrorsEnabled);
        var settings = ResolveDestination() with
        {
            Usage = usage.Value,
            Errors = errors.Value,
            Debug = BindOrDisable(TelemetryFlags.Debug).Value,
            ActiveInterval = BindInterval(TelemetryFlags.ActiveInterval),
            FlushInterval = BindInterval(TelemetryFlags.FlushInterval),
        };
        var off = GetSourceIfOn(binder.Bind(TelemetryFlags.DoNotTrack));
        off ??= GetSourceIfOn(BindOrDisable(TelemetryFlags.SdkDisabled)) ?? _unreadable;
        off ??= enabled.Value ? null : enabled.Source;
        off ??= usage.Value || errors.Value ? null : $"{usage.Source} and {errors.Source}";
        off ??= RejectPlaintextKey(settings);
        return settings with { Enabled = off is null, DisabledBy = off, Problems = _problems.ToImmutable() };
    }

    private static string? GetSourceIfOn(BoundSetting<bool> setting) => setting.Value ? setting.Source : null;

    private TelemetrySettings ResolveDestination()
    {
        var key = BindAndReport(TelemetryFlags.ApiKey, "nothing is sent");
        var endpoint = BindAndReport(TelemetryFlags.Endpoint, "nothing is sent").Value;
        return TelemetrySettings.Default with
        {
            Endpoint = key.Error is null ? endpoint : null,
            Insecure = BindOrDisable(TelemetryFlags.Insecure).Value,
            Headers = BindOrDisable(TelemetryFlags.Headers).Value,
            ApiKey = key.Value,
            ApiKeyFile = binder.Bind(TelemetryFlags.ApiKeyFile).Value,
            CaFile = binder.Bind(TelemetryFlags.CaFile).Value,
        };
    }

    // The source of a plain http:// endpoint that would receive a key. Key files, headers and queries count too, because any of them may be
    // a key.
    private string? RejectPlaintextKey(TelemetrySettings settings)
    {
        if (settings.Insecure
            || settings.Endpoint is not { IsLoopback: false } address
            || address.Scheme != Uri.UriSchemeHttp
            || (settings is { ApiKey: null, ApiKeyFile: null, Headers.IsEmpty: true } && address.Query.Length == 0))
        {
            return null;
        }

        var source = binder.Bind(TelemetryFlags.Endpoint).Source;
        _problems.Add(
            $"{source} is a plain http:// address and would show the API key to the network, so telemetry is off; use https://, or set "
            + $"{TelemetryFlags.Insecure.Option} ({TelemetryFlags.Insecure.Variable}, global.telemetry.insecure in the chart) to allow it");
        return source;
    }

    // A setting that cannot be read turns telemetry off.
    private BoundSetting<T> BindOrDisable<T>(Setting<T> setting)
    {
        var bound = BindAndReport(setting, "telemetry is off");
        _unreadable ??= bound.Error is null ? null : bound.Source;
        return bound;
    }

    private TimeSpan BindInterval(Setting<TimeSpan> setting) => BindAndReport(setting, $"{setting.DefaultText} is used").Value;

    private BoundSetting<T> BindAndReport<T>(Setting<T> setting, string effect)
    {
        var bound = binder.Bind(setting);
        if (bound.Error is not null)
        {
            _problems.Add(bound.DescribeError(effect));
        }

        return bound;
    }
}
