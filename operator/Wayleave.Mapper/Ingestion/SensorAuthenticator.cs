using System.Net;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;
using Wayleave.Hosting;
using Wayleave.Ingest;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;

namespace Wayleave.Mapper.Ingestion;

/// <summary>A sensor whose token was reviewed.</summary>
internal sealed record SensorIdentity(string Pod, Guid PodUid, string Node);

/// <summary>Either a sensor, or why the request is refused.</summary>
internal readonly record struct Authentication(SensorIdentity? Sensor, Refusal? Refusal);

/// <summary>
/// Finds out which sensor sends a request. The API server reviews its token, for this audience only; the answer is kept for a minute, but
/// the directory of Pods decides at each request whether the Pod still exists and where it is. Thread-safe.
/// </summary>
/// <param name="client">It may create reviews on a standby too.</param>
internal sealed partial class SensorAuthenticator(
    IKubernetesClient client, IPodDirectory pods, IngestionOptions options, TimeProvider time, ILogger<SensorAuthenticator> logger)
{
    /// <summary>
    /// The audience that tokens must have. A token for the API server does not have it, so that none has to be sent here.
    /// </summary>
    public const string Audience = "wayleave-mapper";

    private const string PodName = "authentication.kubernetes.io/pod-name";
    private const string PodUid = "authentication.kubernetes.io/pod-uid";
    private const string NodeName = "authentication.kubernetes.io/node-name";

    private static readonly TimeSpan _reviewTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(5);

    private readonly AccessReviewer _reviewer = new(client, Audience);
    private readonly ReviewCache _cache = new(time);
    private readonly ReviewLimiter _limiter = new(time);
    private readonly LogThrottle _throttle = new(time);

    /// <param name="address">The address that the request comes from. Each has its share of reviews.</param>
    public async Task<Authentication> AuthenticateAsync(string token, IPAddress address, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_cache.Find(key) is { } known)
        {
            return Judge(known);
        }

        var wait = _limiter.Take(address);
        if (wait == TimeSpan.Zero && await ReviewAsync(token, cancellationToken) is { } review)
        {
            _cache.Add(key, review);
            return Judge(review);
        }

        if (_cache.FindExpired(key) is { } expired)
        {
            return Judge(expired);
        }

        return new(Sensor: null, wait > TimeSpan.Zero
            ? Refusal.TooMany("too many new tokens to review; try again later", wait)
            : Refusal.Unavailable("the API server did not review the token; try again, or see the mapper's log", _retryAfter));
    }

    private Authentication Judge(ReviewedToken review)
    {
        if (review.User != options.SensorUser || review.PodUid is not { } pod)
        {
            return new(Sensor: null, review.User is null
                ? Refusal.Unauthenticated($"the token is not valid for the audience {Audience}; request a new one")
                : Refusal.Forbidden($"the token is not one of a Pod of {options.SensorUser}; only sensors may send batches"));
        }

        if (pods.FindNode(pod) is not { } node)
        {
            return new(Sensor: null, Refusal.Unavailable($"the Pod {review.PodName} is not known yet; try again", _retryAfter));
        }

        if (!pods.Exists(pod))
        {
            return new(Sensor: null, Refusal.Unauthenticated($"the Pod {review.PodName} of the token was deleted"));
        }

        return review.NodeName is { } named && named != node
            ? new(Sensor: null, Refusal.Forbidden($"the token names another node than that of the Pod {review.PodName}"))
            : new(new SensorIdentity(review.PodName ?? "", pod, node), Refusal: null);
    }

    // Null if the API server did not say.
    private async Task<ReviewedToken?> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_reviewTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return Read(await _reviewer.ReviewAsync(token, either.Token));
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException)
        {
            return Report(error.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Report($"no response within {_reviewTimeout.TotalSeconds} seconds");
        }
    }

    private ReviewedToken? Report(string reason)
    {
        if (_throttle.ShouldLog(reason))
        {
            LogUnreviewed(reason);
        }

        return null;
    }

    private static ReviewedToken Read(V1UserInfo? user)
    {
        if (user is null)
        {
            return ReviewedToken.Refused;
        }

        var uid = Guid.TryParseExact(Find(user, PodUid), "D", out var parsed) ? parsed : (Guid?)null;
        return new ReviewedToken(user.Username, Find(user, PodName), uid, Find(user, NodeName));
    }

    private static string? Find(V1UserInfo user, string key) =>
        user.Extra is { } extra && extra.TryGetValue(key, out var values) && values is [{ Length: > 0 } value] ? value : null;

    [LoggerMessage(LogLevel.Warning, "Cannot review the token of a sensor: {Reason}; the sensor will retry")]
    private partial void LogUnreviewed(string reason);
}
