namespace Wayleave.Testing.Otlp;

/// <summary>One HTTP request as it arrived, whatever it was answered with.</summary>
public sealed class OtlpRequest
{
    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Target { get; init; }

    /// <summary>By name, in any case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as it was on the wire.</summary>
    public required byte[] Wire { get; init; }

    /// <summary>The body after decompression.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The records in it; empty if it is no <c>ExportLogsServiceRequest</c>.</summary>
    public required IReadOnlyList<OtlpRecord> Records { get; init; }

    /// <summary>Whether the answer said that the records were taken.</summary>
    public bool IsAccepted { get; internal set; }
}
