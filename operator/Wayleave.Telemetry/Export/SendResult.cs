using System.Net;
using System.Security.Authentication;

namespace Wayleave.Telemetry.Export;

/// <summary>The outcome of an attempt to send a batch.</summary>
internal sealed record SendResult
{
    /// <summary>The collector has the batch. Everything else is tried again, with the same event ids.</summary>
    public bool IsAcknowledged { get; private init; }

    /// <summary>The number of records that the collector received and dropped. OTLP forbids sending them again.</summary>
    public long Rejected { get; private init; }

    /// <summary>
    /// The collector rejected the request and would reject it again (opentelemetry-specification, protocol/otlp, "Failures"). The batch is
    /// retried after an hour, or when the key or the authorities change.
    /// </summary>
    public bool IsNotRetryable { get; private init; }

    /// <summary>The earliest next attempt that the collector asks for.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>One of <see cref="SendReasons"/>.</summary>
    public string Reason { get; private init; } = "";

    public static SendResult Acknowledged(long rejected) => new() { IsAcknowledged = true, Rejected = rejected };

    public static SendResult Failed(string reason, TimeSpan? retryAfter = null) => new() { Reason = reason, RetryAfter = retryAfter };

    public static SendResult NotRetryable(string reason) => new() { Reason = reason, IsNotRetryable = true };
}

/// <summary>The reasons of failed attempts: fixed words and status codes, never text from a collector.</summary>
internal static class SendReasons
{
    public const string Timeout = "timeout";

    public const string Redirect = "redirect";

    public const string Certificate = "certificate";

    public const string Dns = "dns";

    public const string Connection = "connection";

    public const string Answer = "answer";

    /// <summary>A 2xx status without an OTLP response, from a proxy or another server.</summary>
    public const string NotOtlp = "not-otlp";

    public const string Proxy = "proxy";

    public const string ApiKey = "api-key";

    public const string CaFile = "ca-file";

    public static string FromStatus(HttpStatusCode status) => (int)status is >= 300 and < 400 ? Redirect : $"HTTP {(int)status}";

    public static string FromException(Exception exception) => exception switch
    {
        OperationCanceledException => Timeout,
        HttpRequestException { InnerException: AuthenticationException } => Certificate,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Certificate,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Dns,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Connection,
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => Proxy,
        HttpRequestException or IOException => Answer,
        _ => exception.GetType().Name,
    };
}

/// <summary>One attempt to send a batch, as the handler sees it.</summary>
/// <param name="onSending">Receives the body of the request before it is sent.</param>
internal sealed class SendAttempt(Action<byte[]> onSending, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<SendResult> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Completes with the collector's answer, or with the failure to get one.</summary>
    public Task<SendResult> Outcome => _outcome.Task;

    public void NotifySending(byte[] body) => onSending(body);

    public void Complete(SendResult outcome) => _outcome.TrySetResult(outcome);
}
