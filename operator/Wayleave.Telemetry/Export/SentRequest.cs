namespace Wayleave.Telemetry.Export;

/// <summary>The last request that was sent, or was tried to be.</summary>
/// <param name="Sequence">The batch that was in it.</param>
/// <param name="At">When.</param>
/// <param name="Body">Exactly the bytes of its body: gzip of an OTLP <c>ExportLogsServiceRequest</c>.</param>
public sealed record SentRequest(long Sequence, DateTimeOffset At, ReadOnlyMemory<byte> Body);
