using Wayleave.Settings;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Cli.Telemetry;

/// <summary>What the environment and the command line say of telemetry in this run. The state file can turn it off too.</summary>
/// <param name="OffBy">The flag, variable or circumstance that turns it off; null if none does.</param>
internal sealed record TelemetrySwitch(TelemetrySettings Settings, string? OffBy)
{
    /// <summary>The flag without dashes. It is the operator's.</summary>
    public static string Flag => TelemetryFlags.Enabled.Name;

    /// <summary>Scheme, host and port of the endpoint, without secrets; null if there is none.</summary>
    public string? Endpoint => Settings.Endpoint?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <param name="environment">The variables, and whether a person sees the standard error.</param>
    /// <param name="flag">The value of <see cref="Flag"/>; null if it was not given.</param>
    public static TelemetrySwitch Read(CliEnvironment environment, string? flag)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (flag is not null)
        {
            flags.Add(Flag, flag);
        }

        var binder = new SettingBinder(flags, environment.Variables);
        var settings = TelemetrySettings.Resolve(binder);
        var offBy = settings.DisabledBy;
        offBy ??= settings.Usage ? null : binder.Bind(TelemetryFlags.UsageEnabled).Source;
        offBy ??= IsContinuousIntegration(environment) ? "CI" : null;
        offBy ??= environment.IsErrorTerminal ? null : "the standard error is not a terminal";
        offBy ??= environment.StateDirectory is null ? "neither XDG_STATE_HOME nor HOME is set" : null;
        return new TelemetrySwitch(settings, offBy);
    }

    private static bool IsContinuousIntegration(CliEnvironment environment) =>
        environment.Variables.GetValueOrDefault("CI", "").Trim() is { Length: > 0 } text
            && text != "0"
            && !text.Equals("false", StringComparison.OrdinalIgnoreCase);
}
