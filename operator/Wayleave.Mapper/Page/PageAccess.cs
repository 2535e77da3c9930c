using System.Net;
using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Hosting;
using Wayleave.Ingest;
using Wayleave.Kubernetes.Client;
using Wayleave.Mapper.Ingestion;

namespace Wayleave.Mapper.Page;

/// <summary>
/// Decides who may see the page: those who may list what it shows. The API server reviews the token and the rights at each request, so
/// that a right that was taken away counts at once. Thread-safe.
/// </summary>
/// <param name="client">It may create reviews on a standby too.</param>
/// <param name="options">Who the sensors are: their account never reads the map, whatever rights it has.</param>
internal sealed class PageAccess(IKubernetesClient client, IngestionOptions options, TimeProvider time)
{
    /// <summary>
    /// The audience that tokens must have. The token of a sensor does not have it, nor does one for the API server.
    /// </summary>
    public const string Audience = "wayleave-map";

    private static readonly string[] _resources = ["observedintents", "clientintents"];

    private readonly AccessReviewer _reviewer = new(client, Audience);
    private readonly PageReviewLimiter _limiter = new(time);

    /// <returns>Why the request is refused. Null if it is allowed.</returns>
    /// <exception cref="k8s.KubernetesException">The API server rejected a review.</exception>
    public async Task<Refusal?> CheckAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(request.Token)));
        if (_limiter.Take(key, request.Address) is var wait && wait > TimeSpan.Zero)
        {
            return Refusal.TooMany("too many requests; try again later", wait);
        }

        if (await _reviewer.ReviewAsync(request.Token, cancellationToken) is not { } user)
        {
            _limiter.Forget(key);
            return Refusal.Unauthenticated($"the token is not valid for the audience {Audience}; request a new one");
        }

        _limiter.Remember(key);
        if (user.Username == options.SensorUser)
        {
            return Refusal.Forbidden($"{user.Username} sends batches and may not read the map; use a token of another ServiceAccount");
        }

        foreach (var resource in _resources)
        {
            var list = new V1ResourceAttributes
            {
                Verb = "list",
                Group = Group.Name,
                Resource = resource,
                NamespaceProperty = request.Namespace,
            };
            if (!await _reviewer.IsAllowedAsync(user, list, cancellationToken))
            {
                return Refusal.Forbidden(
                    $"{user.Username} may not list {resource}.{Group.Name} in {ScopeOf(request.Namespace)}; bind a role that allows it"
                        + (request.Namespace is null ? ", or use ?namespace=NAME" : ""));
            }
        }

        return null;
    }

    /// <summary>A namespace or all of them, in words.</summary>
    public static string ScopeOf(string? @namespace) => @namespace is null ? "all namespaces" : $"namespace {@namespace}";
}

/// <summary>
/// Limits how many tokens are sent to the API server. Tokens that were valid have a share of their own, so that guesses cannot use it up.
/// Thread-safe.
/// </summary>
internal sealed class PageReviewLimiter(TimeProvider time)
{
    private const int MaxKeys = 1024;

    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(10);

    private readonly KeyedRateLimiter<string> _perToken = new(perSecond: 1, burst: 10, MaxKeys, time);
    private readonly KeyedRateLimiter<IPAddress> _perAddress = new(perSecond: 1, burst: 5, MaxKeys, time);
    private readonly KeyedRateLimiter<bool> _total = new(perSecond: 5, burst: 20, maxKeys: 1, time);
    private readonly RecentEntries<string, long> _known = new(MaxKeys);
    private readonly Lock _lock = new();

    /// <returns>Zero if the token may be reviewed, otherwise how long to wait.</returns>
    public TimeSpan Take(string key, IPAddress address)
    {
        if (IsKnown(key))
        {
            return _perToken.Take(key);
        }

        return _perAddress.Take(address) is var wait && wait > TimeSpan.Zero ? wait : _total.Take(key: true);
    }

    public void Remember(string key)
    {
        lock (_lock)
        {
            _known.Set(key, time.GetTimestamp());
        }
    }

    public void Forget(string key)
    {
        lock (_lock)
        {
            _known.Remove(key);
        }
    }

    private bool IsKnown(string key)
    {
        lock (_lock)
        {
            return _known.TryGet(key, out var at) && time.GetElapsedTime(at) < _lifetime;
        }
    }
}
