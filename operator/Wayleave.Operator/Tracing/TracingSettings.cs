using System.Collections.Immutable;
using System.Globalization;
using Wayleave.Settings;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Tracing;

/// <summary>
/// The options of tracing. They share nothing with those of telemetry, nor with the variables of the OpenTelemetry specification.
/// </summary>
internal static class TracingFlags
{
    public static Setting<Uri?> Endpoint { get; } = new(
        "tracing-endpoint",
        "URL",
        "",
        "URL of your OTLP/HTTP collector for traces of reconciles. Without it, tracing is off. Independent of telemetry.",
        ParseEndpoint);

    public static Setting<double> SamplingRatio { get; } = new(
        "tracing-sampling-ratio",
        "RATIO",
        "0.1",
        "Share of reconciles whose spans are exported: 0 to 1. Spans with an error are always exported.",
        ParseRatio);

    public static Setting<string?> CaFile { get; } = new(
        "tracing-ca-file",
        "FILE",
        "",
        "PEM file with the trusted certificate authorities of the collector for traces, read at start. Defaults to those of the system.",
        SettingParsers.Text);

    /// <summary>Those that have a flag, in the order of the help.</summary>
    public static ImmutableArray<Setting> All { get; } = [Endpoint, SamplingRatio, CaFile];

    /// <summary>See <see cref="CollectorHeaders.Parse"/>.</summary>
    public static Setting<CollectorHeaders> Headers { get; } = Setting.InEnvironment<CollectorHeaders>(
        "WAYLEAVE_TRACING_HEADERS",
        "",
        "Headers of each request to the collector for traces: name1=value1,name2=value2, values percent-encoded. It has no flag, because "
            + "command lines are not secret.",
        TelemetryParsers.Headers);

    private static Uri? ParseEndpoint(string text, out SettingError? error)
    {
        error = null;
        if (text.Length == 0)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            && endpoint.Scheme is "http" or "https"
            && endpoint is { UserInfo: "", Fragment: "", Query: "", Host.Length: > 0 })
        {
            return endpoint;
        }

        error = new SettingError(
            "is not an address that traces can be sent to",
            $"write it like http://collector.observability:4318, without a user or a query, and put a key into {Headers.Variable}");
        return null;
    }

    private static double ParseRatio(string text, out SettingError? error)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var isNumber = double.TryParse(text, Style, CultureInfo.InvariantCulture, out var ratio);
        error = isNumber && ratio <= 1
            ? null
            : new SettingError(isNumber ? "is out of range" : "is not a number", "use 0 to 1, for example 0.1 for one in ten");
        return ratio;
    }
}

/// <summary>Where spans are sent, and how many.</summary>
/// <param name="Endpoint">The base address of the collector, to which <c>/v1/traces</c> is added.</param>
/// <param name="SamplingRatio">The share of traces that is exported: 0 to 1.</param>
/// <param name="Headers">Sent with each request. Secret.</param>
/// <param name="CaFile">A PEM file with the only trusted certificate authorities. Null for those of the system.</param>
internal sealed record TracingSettings(Uri Endpoint, double SamplingRatio, CollectorHeaders Headers, string? CaFile)
{
    /// <summary>Null if tracing is off.</summary>
    /// <exception cref="OptionsException">A value cannot be used. The message does not repeat it, because it may be secret.</exception>
    public static TracingSettings? Read(SettingBinder binder)
    {
        var endpoint = Get(TracingFlags.Endpoint);
        var ratio = Get(TracingFlags.SamplingRatio);
        var headers = Get(TracingFlags.Headers);
        var caFile = Get(TracingFlags.CaFile);
        return endpoint is null ? null : new TracingSettings(endpoint, ratio, headers, caFile);

        T Get<T>(Setting<T> setting)
        {
            var bound = binder.Bind(setting);
            return bound.Error is null ? bound.Value : throw new OptionsException(bound.DescribeError("the operator does not start"));
        }
    }
}
