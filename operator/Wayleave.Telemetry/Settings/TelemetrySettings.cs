using System.Collections.Immutable;
using Wayleave.Settings;

namespace Wayleave.Telemetry.Settings;

/// <summary>The resolved telemetry settings. See <see cref="Resolve"/> for their sources.</summary>
public sealed record TelemetrySettings
{
    /// <summary>The defaults: on, with no endpoint, and so without any network traffic.</summary>
    public static TelemetrySettings Default { get; } = new();

    /// <summary>False means that nothing of telemetry is constructed.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The flag or variable that turned telemetry off; null while it is on.</summary>
    public string? DisabledBy { get; init; }

    /// <summary>Count and send events of the classes usage and audit.</summary>
    public bool Usage { get; init; } = true;

    public bool Errors { get; init; } = true;

    /// <summary>The collector's base address, to which <c>/v1/logs</c> is added; null means that nothing is sent.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Sent as <c>x-api-key</c>; null for none.</summary>
    public ApiKey? ApiKey { get; init; }

    /// <summary>A file with the API key, read for each attempt. Null for none.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Headers that each request carries too; an API key of our own setting wins over an <c>x-api-key</c> among them.</summary>
    public CollectorHeaders Headers { get; init; } = CollectorHeaders.None;

    /// <summary>Allows a key to be sent over <c>http://</c> to an address that is not loopback.</summary>
    public bool Insecure { get; init; }

    /// <summary>
    /// A PEM file with the certificate authorities to trust for the collector, read again for each attempt. Null for the authorities of the
    /// system.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>How often ACTIVE is counted.</summary>
    public TimeSpan ActiveInterval { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often counts are written to the ledger and sent.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one request may take.</summary>
    public TimeSpan ExportTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Show each record in the program's log too.</summary>
    public bool Debug { get; init; }

    /// <summary>
    /// What could not be used, to be logged as errors: each names the flag or variable, the effect and the fix, and no value.
    /// </summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>
    /// A flag beats the environment; <c>DO_NOT_TRACK</c> (consoledonottrack.com) and <c>OTEL_SDK_DISABLED</c> beat both. A switch or
    /// headers that cannot be read, and a key that would go in clear, turn everything off; an endpoint that cannot be read means that
    /// nothing is sent; an interval that cannot be read keeps its default. Of the variables that the OpenTelemetry specification defines
    /// only <c>OTEL_SDK_DISABLED</c>, <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and <c>OTEL_EXPORTER_OTLP_HEADERS</c> are read. Pure.
    /// </summary>
    public static TelemetrySettings Resolve(SettingBinder binder) => new TelemetrySettingsResolver(binder).Resolve();
}
