using Wayleave.Ingest;
using Wayleave.Ingest.V1;
using Wayleave.Kubernetes.Logging;

namespace Wayleave.Mapper.Ingestion;

/// <summary>What became of a batch: an acknowledgement, or why it is refused.</summary>
/// <param name="Ack">Null if it is refused.</param>
/// <param name="Outcome">One of <see cref="BatchOutcomes"/>.</param>
/// <param name="Refusal">Null if it is acknowledged.</param>
internal readonly record struct BatchReceipt(Ack? Ack, string Outcome, Refusal? Refusal)
{
    public static BatchReceipt Refused(Refusal refusal) => new(Ack: null, refusal.Outcome, refusal);
}

/// <summary>Checks batches of known sensors, and passes on each of them once. Thread-safe.</summary>
internal sealed partial class BatchReceiver(
    IBatchHandler handler, IPodDirectory pods, IngestionMetrics metrics, TimeProvider time, ILogger<BatchReceiver> logger)
{
    // A mapper that has just started asks everybody for everything. The answer to a sensor's first batch may have been lost.
    private static readonly TimeSpan _startup = TimeSpan.FromMinutes(1);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly SequenceTracker _tracker = new();
    private readonly LogThrottle _throttle = new(time);

    public BatchReceipt Receive(Batch batch, SensorIdentity sensor)
    {
        var now = time.GetUtcNow();
        var checkedBatch = BatchValidator.Validate(batch, sensor.Node, pods, now);
        if (checkedBatch.Content is not { } content)
        {
            return Refuse(checkedBatch, sensor);
        }

        var instance = new Guid(content.Instance.Span, bigEndian: true);
        var result = _tracker.HandleOnce(
            sensor.Node, instance, content.Sequence, () => handler.Handle(new AcceptedBatch(sensor.Node, content)));
        if (result != SequenceResult.Repeated)
        {
            metrics.CountAccepted(content, checkedBatch.Dropped, now);
            LogDropped(checkedBatch, sensor);
        }

        var ack = new Ack
        {
            Sequence = content.Sequence,
            WaitMs = (uint)SensorTurns.Interval.TotalMilliseconds,
            Resync = result == SequenceResult.First || time.GetElapsedTime(_startedAt) < _startup,
        };
        return new BatchReceipt(ack, result == SequenceResult.Repeated ? BatchOutcomes.Repeated : BatchOutcomes.Accepted, Refusal: null);
    }

    private BatchReceipt Refuse(BatchValidation invalid, SensorIdentity sensor)
    {
        var refusal = invalid.Result == BatchResult.UnknownSchema
            ? new Refusal(StatusCodes.Status426UpgradeRequired, BatchOutcomes.UnknownSchema, invalid.Problem!)
            : new Refusal(StatusCodes.Status400BadRequest, BatchOutcomes.Invalid, invalid.Problem!);

        // Its first word is the field: the rest differs from batch to batch.
        if (_throttle.ShouldLog($"{sensor.Node} {refusal.Text.Split(':')[0]}"))
        {
            LogRefused(sensor.Node, refusal.Text);
        }

        return BatchReceipt.Refused(refusal);
    }

    private void LogDropped(BatchValidation accepted, SensorIdentity sensor)
    {
        foreach (var (reason, count) in accepted.Dropped)
        {
            if (_throttle.ShouldLog($"{sensor.Node} {reason}"))
            {
                LogDropped(sensor.Node, count, reason);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Refused a batch of the sensor on node {Node}: {Problem}")]
    private partial void LogRefused(string node, string problem);

    [LoggerMessage(LogLevel.Warning, "Removed {Count} items from a batch of the sensor on node {Node}: {Reason}")]
    private partial void LogDropped(string node, int count, string reason);
}
