using Wayleave.Cli.Access;
using Wayleave.Cli.Telemetry;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Statistics;

namespace Wayleave.Cli;

/// <summary>What the program gets from outside. Tests replace it.</summary>
internal sealed record CliEnvironment
{
    /// <summary>The standard output, for results.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>The standard error, for notes, errors and prompts.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The standard input, for <c>-f -</c>.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the output is shown on a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether a person types the input.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Whether the errors are shown on a terminal.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Folder of what the program keeps between runs. Null if there is none: then nothing is kept.</summary>
    public string? StateDirectory { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What the command of this run used, for telemetry.</summary>
    public CommandUsage Usage { get; init; } = new();

    /// <summary>Opens a read-only connection to the API server of a kubeconfig and a context.</summary>
    public required Func<string?, string?, IClusterConnection> Connect { get; init; }

    /// <summary>Opens a connection for a command that writes.</summary>
    public Func<string?, string?, IClusterConnection>? ConnectToWrite { get; init; }

    /// <summary>Sends telemetry to the endpoint of the settings, which have one.</summary>
    public Func<TelemetrySettings, TimeProvider, IBatchSender> CreateTelemetrySender { get; init; } = static (settings, time) =>
        new OtlpBatchSender(
            "wayleave-cli",
            settings.Endpoint!,
            new ExporterCredentialLoader(settings.ApiKey, settings.ApiKeyFile, settings.CaFile, settings.Headers),
            settings.ExportTimeout,
            new TelemetryStatistics(),
            time);

    /// <summary>Whether to use color: only on a terminal, and not with NO_COLOR (no-color.org).</summary>
    public bool HasColor =>
        IsTerminal && Variables.GetValueOrDefault("NO_COLOR", "").Length == 0 && Variables.GetValueOrDefault("TERM") != "dumb";
}
