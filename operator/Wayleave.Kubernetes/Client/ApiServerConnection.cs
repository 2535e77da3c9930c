using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// The connection to one API server: the client library's HTTP pipeline, with limits, the write fence and metrics in front of it. Safe for
/// any number of concurrent requests.
/// <para>
/// The library reads certificates and authorities once. This class checks the files once a minute, and immediately when a handshake fails
/// or the credentials are refused; when they changed, new requests use a new pipeline and those under way end on the old one. While the
/// files cannot be read, or do not fit together, everything stays as it is.
/// </para>
/// </summary>
public sealed class ApiServerConnection : IDisposable
{
    private const int MaxTokenBytes = 1024 * 1024;
    private static readonly TimeSpan _checkInterval = TimeSpan.FromMinutes(1);

    // Minimum time between two runs of an exec plugin whose credentials were rejected.
    private static readonly TimeSpan _minPluginInterval = TimeSpan.FromSeconds(10);

    private readonly ConnectionSource _source;
    private readonly Func<KubernetesClientConfiguration, Pipeline> _connect;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Pipeline _current;
    private Pipeline? _previous;
    private (string? Tls, string? All) _fingerprints;
    private long _checkedAt;
    private long _builtAt;

    /// <param name="mayWrite">
    ///  Whether writes are allowed. While it returns false, every request except GET throws <see cref="WriteFencedException"/>. Null to
    /// always allow writes.
    /// </param>
    public ApiServerConnection(
        ConnectionSource source, KubernetesClientOptions options, KubernetesMetrics metrics, TimeProvider time, Func<bool>? mayWrite = null)
    {
        _source = source;
        _time = time;
        _connect = configuration => new Pipeline(configuration, [.. CreateHandlers(source.Address, options, metrics, time, mayWrite)]);
        _fingerprints = ComputeFingerprints();
        _current = _connect(source.Build());
        _checkedAt = _builtAt = time.GetTimestamp();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _current.Dispose();
            _previous?.Dispose();
        }
    }

    /// <summary>Reads the answer to a GET as text, for example a Pod's log.</summary>
    /// <param name="path">Relative to the API server's address.</param>
    /// <exception cref="KubernetesException">The API server rejected the request.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached, or the credentials cannot be read.</exception>
    /// <exception cref="LimitExceededException">The answer is larger.</exception>
    public async Task<string> ReadTextAsync(
        string path, IReadOnlyDictionary<string, string> headers, long maxBytes, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () =>
            {
                var request = CreateRequest(HttpMethod.Get, path, body: null, accept: "application/json, */*");
                foreach (var (name, value) in headers)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }

                return request;
            },
            cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(new LengthLimitedStream(stream, maxBytes));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>
    /// Requests a token of a ServiceAccount with the TokenRequest API. The API server stores nothing, so this is not a write and is
    /// allowed while writes are not.
    /// </summary>
    /// <param name="audience">Who is to accept the token. The API server does not, unless it is one of its own audiences.</param>
    /// <param name="lifetime">At least ten minutes.</param>
    /// <exception cref="KubernetesException">The API server rejected the request.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached, or the credentials cannot be read.</exception>
    /// <exception cref="JsonException">The answer has no token.</exception>
    public async Task<string> RequestTokenAsync(
        NamespacedName account, string audience, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var json = LibraryObjectJson.Default.Authenticationv1TokenRequest;
        var wanted = new Authenticationv1TokenRequest
        {
            ApiVersion = "authentication.k8s.io/v1",
            Kind = "TokenRequest",
            Spec = new V1TokenRequestSpec { Audiences = [audience], ExpirationSeconds = (long)lifetime.TotalSeconds },
        };
        var (@namespace, name) = (Uri.EscapeDataString(account.Namespace), Uri.EscapeDataString(account.Name));
        using var response = await SendAsync(
            () =>
            {
                var path = $"api/v1/namespaces/{@namespace}/serviceaccounts/{name}/token";
                var request = CreateRequest(HttpMethod.Post, path, RequestBody.Create(wanted, json), "application/json");
                request.Options.Set(WriteFenceHandler.StoresNothing, true);
                return request;
            },
            cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var answer = await JsonSerializer.DeserializeAsync(new LengthLimitedStream(stream, MaxTokenBytes), json, cancellationToken);
        return answer?.Status?.Token is { Length: > 0 } token ? token : throw new JsonException("the TokenRequest has no token");
    }

    /// <summary>Sends a request and returns the response as soon as its headers have arrived. The caller disposes it.</summary>
    /// <param name="path">Relative to the API server's address.</param>
    /// <exception cref="KubernetesException">The API server rejected the request.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached, or the credentials cannot be read.</exception>
    internal Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, RequestBody? body, string accept, CancellationToken cancellationToken) =>
        SendAsync(() => CreateRequest(method, path, body, accept), cancellationToken);

    // A request can be sent once.
    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        var pipeline = GetPipeline(isRefused: false);
        try
        {
            return await pipeline.SendAsync(create(), cancellationToken);
        }
        catch (Exception error) when (MayBeRotated(error) && GetPipeline(isRefused: true) != pipeline)
        {
            // Retry: the handshake failed or the credentials were rejected, so nothing was done.
        }

        return await GetPipeline(isRefused: false).SendAsync(create(), cancellationToken);
    }

    private static HttpRequestMessage CreateRequest(HttpMethod method, string path, RequestBody? body, string accept)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body?.ToContent() };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return request;
    }

    private static bool MayBeRotated(Exception error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        || (error is KubernetesException refusal && refusal.StatusCode == HttpStatusCode.Unauthorized);

    private static IEnumerable<DelegatingHandler> CreateHandlers(
        Uri address, KubernetesClientOptions options, KubernetesMetrics metrics, TimeProvider time, Func<bool>? mayWrite)
    {
        yield return new ErrorBodyHandler();
        yield return new RetryAfterHandler(time);
        if (options.QueriesPerSecond is not null)
        {
            yield return new RateLimitHandler(options);
        }

        if (mayWrite is not null)
        {
            yield return new WriteFenceHandler(mayWrite);
        }

        if (options.PropagatesTrace)
        {
            yield return new TracePropagationHandler();
        }

        yield return new RequestMetricsHandler($"{address.Host}:{address.Port}", metrics, time);
    }

    private Pipeline GetPipeline(bool isRefused)
    {
        lock (_lock)
        {
            if (!isRefused && _time.GetElapsedTime(_checkedAt) < _checkInterval)
            {
                return _current;
            }

            _checkedAt = _time.GetTimestamp();
            var fingerprints = ComputeFingerprints();
            if (IsRebuildDue(fingerprints, isRefused) && _source.TryBuild() is { } configuration)
            {
                // Dispose the previous pipeline at the next change, when its requests have ended.
                _previous?.Dispose();
                (_previous, _current) = (_current, _connect(configuration));
                (_fingerprints, _builtAt) = (fingerprints, _time.GetTimestamp());
            }

            return _current;
        }
    }

    // The library reloads the token file itself, so a changed token file counts only after a 401.
    private bool IsRebuildDue((string? Tls, string? All) found, bool isRefused) =>
        (found.Tls is not null && found.Tls != _fingerprints.Tls)
        || (isRefused && found.All is not null && found.All != _fingerprints.All)
        || (isRefused && _source.UsesExecPlugin && _time.GetElapsedTime(_builtAt) > _minPluginInterval);

    private (string? Tls, string? All) ComputeFingerprints() =>
        (_source.ComputeFingerprint(includesToken: false), _source.ComputeFingerprint(includesToken: true));

    /// <summary>The client library, with its errors turned into one exception.</summary>
    private sealed class Pipeline(
        KubernetesClientConfiguration configuration, DelegatingHandler[] handlers) : k8s.Kubernetes(configuration, handlers)
    {
        private readonly Version _version = configuration.DisableHttp2 ? HttpVersion.Version11 : HttpVersion.Version20;

        // Does not use the library's SendRequest, which converts the body to a string and then to bytes.
        public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(BaseUri, request.RequestUri!);
            request.Version = _version;
            return SendRequestRaw("", request, cancellationToken);
        }

        protected override async Task<HttpResponseMessage> SendRequestRaw(
            string requestContent, HttpRequestMessage httpRequest, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendRequestRaw(requestContent, httpRequest, cancellationToken);
            }
            catch (HttpOperationException error)
            {
#pragma warning disable MA0054 // The library's exception holds the headers of the request, and with them the token.
                throw ApiErrors.Create(error.Response.Content, error.Response.StatusCode, error.Response.ReasonPhrase);
#pragma warning restore MA0054
            }
            catch (HttpRequestException error) when (error.InnerException is AuthenticationException refused)
            {
                // Only the innermost exception says what is wrong with the certificate.
                throw new HttpRequestException(error.HttpRequestError, refused.GetBaseException().Message, refused);
            }
            catch (SocketException error)
            {
                // A connection that is reset as soon as it is open: the HTTP client asks the socket for its peer, and does not catch that.
                throw new HttpRequestException(HttpRequestError.ConnectionError, error.Message, error);
            }
            catch (Exception error) when (IsCredentialError(error))
            {
                // Its own message may quote the credential.
                throw new HttpRequestException(
                    "the credentials of the API server cannot be read: the token file or the exec plugin fails", error);
            }
        }

        private static bool IsCredentialError(Exception error) => error switch
        {
            AggregateException many => many.InnerExceptions.All(IsCredentialError),
            _ => error is IOException or UnauthorizedAccessException or FormatException or k8s.Exceptions.KubeConfigException,
        };
    }
}
