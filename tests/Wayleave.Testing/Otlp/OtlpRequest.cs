namespace Wayleave.Testing.Otlp;

/// <summary>A received HTTP request, independent of its answer.</summary>
public sealed class OtlpRequest
{
    public required string Method { get; init; }

    /// <summary>Path and query.</summary>
    public required string Target { get; init; }

    /// <summary>The headers by name, case-insensitively.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as it was on the wire.</summary>
    public required byte[] Wire { get; init; }

    /// <summary>The body after decompression.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Its records. Empty if it is not an <c>ExportLogsServiceRequest</c>.</summary>
    public required IReadOnlyList<OtlpRecord> Records { get; init; }

    /// <summary>Its spans. Empty if it is not an <c>ExportTraceServiceRequest</c>.</summary>
    public required IReadOnlyList<OtlpSpan> Spans { get; init; }

    /// <summary>Whether the answer accepts the records.</summary>
    public bool IsAccepted { get; internal set; }
}
