using Google.Protobuf.Collections;
using Wayleave.Testing.Otlp.Proto;

namespace Wayleave.Testing.Otlp;

/// <summary>A received log record, with its resource and scope.</summary>
public sealed class OtlpRecord
{
    private OtlpRecord(LogRecord record, Resource? resource, InstrumentationScope? scope)
    {
        Raw = record;
        Attributes = Read(record.Attributes);
        Resource = Read(resource?.Attributes);
        Scope = scope?.Name ?? "";
    }

    /// <summary>The decoded message.</summary>
    public LogRecord Raw { get; }

    public string EventName => Raw.EventName;

    /// <summary>The attributes by key. Each value is a <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>, or <see cref="double"/>.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; }

    /// <summary>The resource's attributes, in the same form.</summary>
    public IReadOnlyDictionary<string, object> Resource { get; }

    /// <summary>The name of the instrumentation scope.</summary>
    public string Scope { get; }

    /// <summary>The attribute <c>event.id</c>.</summary>
    public string EventId => (string)Attributes["event.id"];

    /// <summary>The attribute <c>event.type</c>.</summary>
    public string EventType => (string)Attributes["event.type"];

    /// <summary>The attribute <c>count</c>.</summary>
    public long Count => (long)Attributes["count"];

    internal static IReadOnlyList<OtlpRecord> ReadAll(ExportLogsServiceRequest request) =>
    [
        .. from resource in request.ResourceLogs
           from scope in resource.ScopeLogs
           from record in scope.LogRecords
           select new OtlpRecord(record, resource.Resource, scope.Scope),
    ];

    internal static Dictionary<string, object> Read(RepeatedField<KeyValue>? attributes) =>
        (attributes ?? []).ToDictionary(attribute => attribute.Key, attribute => Read(attribute.Value), StringComparer.Ordinal);

    private static object Read(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        _ => throw new InvalidDataException($"An attribute of the kind {value.ValueCase} was not expected."),
    };
}
