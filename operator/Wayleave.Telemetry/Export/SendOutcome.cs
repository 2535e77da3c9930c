namespace Wayleave.Telemetry.Export;

/// <summary>What became of one attempt to send a batch.</summary>
internal sealed record SendOutcome
{
    /// <summary>The collector has the batch. Everything else is tried again, with the same event ids.</summary>
    public bool IsAcknowledged { get; private init; }

    /// <summary>Records that the collector has, and says it does not keep. OTLP forbids sending them again.</summary>
    public long Rejected { get; private init; }

    /// <summary>
    /// The collector refused what was sent, and would again (opentelemetry-specification, protocol/otlp, "Failures"): the batch is left alone
    /// for long, or until the key or the authorities change.
    /// </summary>
    public bool IsRefused { get; private init; }

    /// <summary>The earliest next attempt that the collector asks for.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>One of <see cref="SendReasons"/>.</summary>
    public string Reason { get; private init; } = "";

    public static SendOutcome Acknowledged(long rejected) => new() { IsAcknowledged = true, Rejected = rejected };

    public static SendOutcome Failed(string reason, TimeSpan? retryAfter = null) => new() { Reason = reason, RetryAfter = retryAfter };

    public static SendOutcome Refused(string reason) => new() { Reason = reason, IsRefused = true };
}
