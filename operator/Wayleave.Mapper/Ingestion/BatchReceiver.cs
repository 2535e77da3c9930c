using Google.Protobuf;
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
    // For sensors that do not know terms: a mapper that has just started asks for everything, because the answer to a sensor's first batch
    // may have been lost.
    private static readonly TimeSpan _startup = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(1);

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

        // An acknowledgement of this term says that the map of this term has the batch.
        if (handler.Term is not { } term || TryHandle(content, sensor, term) is not { } result)
        {
            return BatchReceipt.Refused(Refusal.Unavailable("the mapper no longer leads; try again", _retryAfter));
        }

        if (result == SequenceResult.Repeated)
        {
            return new BatchReceipt(CreateAck(content, term, result), BatchOutcomes.Repeated, Refusal: null);
        }

        metrics.CountAccepted(content, checkedBatch.Dropped, now);
        LogDropped(checkedBatch, sensor);
        return new BatchReceipt(CreateAck(content, term, result), BatchOutcomes.Accepted, Refusal: null);
    }

    // Null if the term has ended in the meantime.
    private SequenceResult? TryHandle(Batch content, SensorIdentity sensor, Guid term)
    {
        var series = new BatchSeries(term, sensor.Node, new Guid(content.Instance.Span, bigEndian: true));
        var result = _tracker.HandleOnce(
            series, content.Sequence, () => handler.TryHandle(new AcceptedBatch(sensor.Node, content), term));
        return result == SequenceResult.NotHandled ? null : result;
    }

    private Ack CreateAck(Batch content, Guid term, SequenceResult result) => new()
    {
        Sequence = content.Sequence,
        WaitMs = (uint)SensorRequestLimiter.Interval.TotalMilliseconds,
        Resync = result == SequenceResult.First || time.GetElapsedTime(_startedAt) < _startup,
        Term = ByteString.CopyFrom(term.ToByteArray()),
    };

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

    [LoggerMessage(LogLevel.Warning, "Rejected a batch from the sensor on node {Node}: {Problem}")]
    private partial void LogRefused(string node, string problem);

    [LoggerMessage(LogLevel.Warning, "Dropped {Count} items of a batch from the sensor on node {Node}: {Reason}")]
    private partial void LogDropped(string node, int count, string reason);
}
