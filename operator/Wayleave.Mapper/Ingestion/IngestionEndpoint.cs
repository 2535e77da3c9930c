using System.Threading.RateLimiting;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections.Features;
using Wayleave.Ingest;
using Wayleave.Ingest.V1;

namespace Wayleave.Mapper.Ingestion;

/// <summary>
/// Answers <c>POST /v1/batches</c>: a batch of a sensor is checked, handled once and acknowledged. Nothing is queued: a sensor that comes
/// too often is told to wait. Limits apply before anything is read, and a body is read only for a known sensor. Thread-safe.
/// </summary>
internal sealed class IngestionEndpoint(
    IPodDirectory pods, SensorAuthenticator authenticator, BatchReceiver receiver, IngestionOptions options, IngestionMetrics metrics,
    TimeProvider time) : IDisposable
{
    public const string Path = "/v1/batches";
    public const string ContentType = "application/x-protobuf";

    private const int MaxConcurrent = 50;

    private static readonly TimeSpan _busyWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _syncWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrencyLimiter _slots = new(new() { PermitLimit = MaxConcurrent });
    private readonly SensorRequestLimiter _sensorLimiter = new(time);

    public async Task AnswerAsync(HttpContext context)
    {
        var (request, refusal) = IngestionRequest.Read(context);
        refusal ??= pods.HasSynced ? null : Refusal.Unavailable("the mapper does not know all Pods yet; try again", _syncWait);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal, sensor: null);
            return;
        }

        using var slot = _slots.AttemptAcquire();
        await (slot.IsAcquired
            ? AnswerAsync(context, request!)
            : RefuseAsync(context, Refusal.TooMany("too many requests at a time; try again in a second", _busyWait), sensor: null));
    }

    public void Dispose() => _slots.Dispose();

    private async Task AnswerAsync(HttpContext context, IngestionRequest request)
    {
        var (sensor, refusal) = await authenticator.AuthenticateAsync(request.Token, request.Address, context.RequestAborted);
        if (sensor is null)
        {
            await RefuseAsync(context, refusal!, sensor: null);
            return;
        }

        using var lease = _sensorLimiter.TryAcquire(sensor.PodUid, out var wait);
        if (lease is null)
        {
            await RefuseAsync(context, Refusal.TooMany("too many batches", wait) with { HasAck = true }, sensor);
            return;
        }

        var (batch, unread) = await ReadAsync(context, request.IsCompressed);
        var receipt = batch is null ? BatchReceipt.Refused(unread!) : receiver.Receive(batch, sensor);
        if (receipt.Ack is null)
        {
            await RefuseAsync(context, receipt.Refusal!, sensor);
            return;
        }

        metrics.CountBatch(receipt.Outcome, sensor);
        await WriteAsync(context, receipt.Ack);
    }

    private async Task<(Batch? Batch, Refusal? Refusal)> ReadAsync(HttpContext context, bool isCompressed)
    {
        // Of the system's clock, like everything that waits for the network.
        using var late = new CancellationTokenSource(options.BodyTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            var decoded = await BatchDecoder.DecodeAsync(context.Request.Body, isCompressed, either.Token);
            return decoded.Failure switch
            {
                DecodingFailure.TooLarge => (null, Refusal.TooLarge(decoded.Problem!)),
                DecodingFailure.Malformed => (null, Refusal.Malformed(decoded.Problem!)),
                _ => (decoded.Content, null),
            };
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return (null, CreateTimedOut($"body: did not arrive within {options.BodyTimeout.TotalSeconds} seconds"));
        }
        catch (BadHttpRequestException error)
        {
            return (null, error.StatusCode switch
            {
                StatusCodes.Status408RequestTimeout => CreateTimedOut("body: arrives too slowly"),
                StatusCodes.Status413PayloadTooLarge => Refusal.TooLarge($"body: larger than {BatchLimits.BodyBytes} bytes; send less in a batch"),
                _ => Refusal.Malformed("body: cannot be read as HTTP says"),
            });
        }
        catch (IOException)
        {
            return (null, CreateTimedOut("body: the connection was closed before its end"));
        }
    }

    private static Refusal CreateTimedOut(string text) => new(StatusCodes.Status408RequestTimeout, BatchOutcomes.TimedOut, text);

    private Task RefuseAsync(HttpContext context, Refusal refusal, SensorIdentity? sensor)
    {
        metrics.CountBatch(refusal.Outcome, sensor);
        refusal.WriteHeaders(context.Response, HttpMethods.Post);
        if (refusal.Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status503ServiceUnavailable)
        {
            // The rest of the body is not worth waiting for, and another replica may be ready.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        if (refusal.HasAck)
        {
            return WriteAsync(context, new Ack { WaitMs = (uint)Math.Ceiling(refusal.RetryAfter?.TotalMilliseconds ?? 0) });
        }

        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(refusal.Text + "\n", context.RequestAborted);
    }

    private static Task WriteAsync(HttpContext context, Ack ack)
    {
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = ack.CalculateSize();
        return context.Response.Body.WriteAsync(ack.ToByteArray(), context.RequestAborted).AsTask();
    }
}
