using System.Globalization;

namespace Wayleave.Mapper.Ingestion;

/// <summary>Why a request is refused.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Outcome">One of <see cref="BatchOutcomes"/>.</param>
/// <param name="Text">What is wrong and how to fix it, for the sender.</param>
internal sealed record Refusal(int Status, string Outcome, string Text)
{
    /// <summary>When to try again. Null if that does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the answer says in an Ack how long to wait. Only a known sensor gets one.</summary>
    public bool HasAck { get; init; }

    public static Refusal Unavailable(string text, TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, BatchOutcomes.Unavailable, text) { RetryAfter = retryAfter };

    public static Refusal TooMany(string text, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, BatchOutcomes.Limited, text) { RetryAfter = retryAfter };

    public static Refusal Unauthenticated(string text) =>
        new(StatusCodes.Status401Unauthorized, BatchOutcomes.Unauthenticated, text);

    public static Refusal Forbidden(string text) => new(StatusCodes.Status403Forbidden, BatchOutcomes.Forbidden, text);

    public static Refusal TooLarge(string text) => new(StatusCodes.Status413PayloadTooLarge, BatchOutcomes.TooLarge, text);

    public static Refusal Malformed(string text, int status = StatusCodes.Status400BadRequest) =>
        new(status, BatchOutcomes.Malformed, text);

    /// <summary>Sets the status and the headers that say what the sender can do.</summary>
    /// <param name="methods">The methods that are allowed, for the header Allow.</param>
    public void WriteHeaders(HttpResponse response, string methods)
    {
        response.StatusCode = Status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        switch (Status)
        {
            case StatusCodes.Status401Unauthorized:
                response.Headers.WWWAuthenticate = "Bearer";
                break;
            case StatusCodes.Status405MethodNotAllowed:
                response.Headers.Allow = methods;
                break;
        }
    }
}

/// <summary>What became of a request, as a label of metrics.</summary>
internal static class BatchOutcomes
{
    public const string Accepted = "accepted";

    /// <summary>Acknowledged without an effect, because it was accepted before.</summary>
    public const string Repeated = "repeated";

    /// <summary>Not a request for this endpoint, or not a message.</summary>
    public const string Malformed = "malformed";

    /// <summary>A field of the batch is wrong.</summary>
    public const string Invalid = "invalid";

    public const string UnknownSchema = "unknown_schema";

    public const string TooLarge = "too_large";

    /// <summary>The body did not arrive in time.</summary>
    public const string TimedOut = "timed_out";

    public const string Unauthenticated = "unauthenticated";

    public const string Forbidden = "forbidden";

    /// <summary>More requests than allowed.</summary>
    public const string Limited = "limited";

    /// <summary>The mapper or the API server is not ready.</summary>
    public const string Unavailable = "unavailable";
}
