using Google.Protobuf;
using Wayleave.Testing.Otlp.Proto;

namespace Wayleave.Testing.Otlp;

/// <summary>A received span, with its resource and scope.</summary>
public sealed class OtlpSpan
{
    private OtlpSpan(Span span, Resource? resource, InstrumentationScope? scope)
    {
        Raw = span;
        Attributes = OtlpRecord.Read(span.Attributes);
        Resource = OtlpRecord.Read(resource?.Attributes);
        Scope = scope?.Name ?? "";
    }

    /// <summary>The decoded message.</summary>
    public Span Raw { get; }

    public string Name => Raw.Name;

    /// <summary>The trace ID as 32 hexadecimal digits.</summary>
    public string TraceId => Hex(Raw.TraceId);

    public string SpanId => Hex(Raw.SpanId);

    /// <summary>Empty for the first span of a trace.</summary>
    public string ParentId => Hex(Raw.ParentSpanId);

    /// <summary>The trace IDs that it links to.</summary>
    public IReadOnlyList<string> Links => [.. Raw.Links.Select(link => Hex(link.TraceId))];

    public bool IsError => Raw.Status?.Code == 2;

    /// <summary>The attributes by key, as of <see cref="OtlpRecord.Attributes"/>.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; }

    /// <summary>The resource's attributes, in the same form.</summary>
    public IReadOnlyDictionary<string, object> Resource { get; }

    /// <summary>The name of the instrumentation scope.</summary>
    public string Scope { get; }

    internal static IReadOnlyList<OtlpSpan> ReadAll(ExportTraceServiceRequest request) =>
    [
        .. from resource in request.ResourceSpans
           from scope in resource.ScopeSpans
           from span in scope.Spans
           select new OtlpSpan(span, resource.Resource, scope.Scope),
    ];

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
