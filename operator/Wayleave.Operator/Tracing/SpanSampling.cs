using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Wayleave.Operator.Tracing;

/// <summary>
/// Records every span, and selects a share of the traces for export, by trace ID. Whether a span failed is known only at its end, so the
/// others have to be recorded too.
/// </summary>
internal sealed class RecordingSampler(double ratio) : Sampler
{
    private static readonly SamplingResult _recordOnly = new(SamplingDecision.RecordOnly);

    private readonly TraceIdRatioBasedSampler _share = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var result = _share.ShouldSample(samplingParameters);
        return result.Decision == SamplingDecision.RecordAndSample ? result : _recordOnly;
    }
}

/// <summary>
/// Decides at the end of a span whether it goes to the export queue: if its trace was selected or it failed, and the queue has room. It
/// comes before the processor that exports. Thread-safe.
/// </summary>
internal sealed class ExportFilter(SpanStatistics statistics) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        var isWanted = data.Recorded || data.Status == ActivityStatusCode.Error;
        data.ActivityTraceFlags = isWanted && statistics.TryEnqueue()
            ? data.ActivityTraceFlags | ActivityTraceFlags.Recorded
            : data.ActivityTraceFlags & ~ActivityTraceFlags.Recorded;
    }
}

/// <summary>Counts spans on their way to the collector. Thread-safe.</summary>
internal sealed class SpanStatistics
{
    /// <summary>The most spans that wait for the exporter or are being sent.</summary>
    public const int QueueSize = 2048;

    private long _waiting;
    private long _exported;
    private long _notQueued;
    private long _notSent;

    public long Exported => Volatile.Read(ref _exported);

    /// <summary>Dropped because the queue was full.</summary>
    public long NotQueued => Volatile.Read(ref _notQueued);

    /// <summary>Dropped because the collector did not accept them.</summary>
    public long NotSent => Volatile.Read(ref _notSent);

    /// <summary>Reserves a place in the queue. False if it is full; the span then counts as dropped.</summary>
    public bool TryEnqueue()
    {
        if (Interlocked.Increment(ref _waiting) <= QueueSize)
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        Interlocked.Increment(ref _notQueued);
        return false;
    }

    /// <summary>A batch has left the queue.</summary>
    public void Complete(long spans, bool isAccepted)
    {
        Interlocked.Add(ref isAccepted ? ref _exported : ref _notSent, spans);
        Interlocked.Add(ref _waiting, -spans);
    }
}
