namespace Wayleave.Telemetry.Export;

/// <summary>Keeps the last request for <c>/telemetry</c>. Thread-safe.</summary>
internal sealed class RequestTracker
{
    private SentRequest? _last;

    /// <summary>Null before the first of this process.</summary>
    public SentRequest? Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }
}

/// <summary>The last request that was sent, or was tried to be.</summary>
/// <param name="Sequence">The batch that was in it.</param>
/// <param name="At">When.</param>
/// <param name="Body">Exactly the bytes of its body: gzip of an OTLP <c>ExportLogsServiceRequest</c>.</param>
public sealed record SentRequest(long Sequence, DateTimeOffset At, ReadOnlyMemory<byte> Body);
