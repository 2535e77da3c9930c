namespace Wayleave.Telemetry.Export;

/// <summary>What became of one attempt to send a batch.</summary>
internal sealed record SendOutcome
{
    /// <summary>The collector has the batch. Everything else is tried again, with the same event ids.</summary>
    public bool IsAcknowledged { get; private init; }

    /// <summary>Records that the collector has, and says it does not keep. OTLP forbids sending them again.</summary>
    public long Rejected { get; private init; }

    /// <summary>The earliest next attempt that the collector asks for.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>A few words for the log: a status code or the type of an exception, nothing that the collector wrote.</summary>
    public string Reason { get; private init; } = "";

    public static SendOutcome Acknowledged(long rejected) => new() { IsAcknowledged = true, Rejected = rejected };

    public static SendOutcome Failed(string reason, TimeSpan? retryAfter = null) => new() { Reason = reason, RetryAfter = retryAfter };
}
