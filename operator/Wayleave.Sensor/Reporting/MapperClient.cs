using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Wayleave.Ingest.V1;

namespace Wayleave.Sensor.Reporting;

/// <summary>What became of a batch.</summary>
internal abstract record SendResult
{
    /// <summary>The mapper has it.</summary>
    public sealed record Accepted(Ack Ack) : SendResult;

    /// <summary>The mapper will never take it.</summary>
    public sealed record Rejected(string Reason) : SendResult;

    /// <summary>To be sent again.</summary>
    /// <param name="Reason">Why it did not arrive.</param>
    /// <param name="Wait">The least time before the next attempt. Null if the mapper did not say.</param>
    public sealed record Failed(string Reason, TimeSpan? Wait) : SendResult;
}

internal interface IMapperClient
{
    Task<SendResult> SendAsync(byte[] body, CancellationToken cancellationToken);
}

/// <summary>Sends batches over HTTPS, without a proxy and without following redirects. Used by one thread at a time.</summary>
/// <param name="tokenFile">Read for each request, because the kubelet replaces it.</param>
/// <param name="caFile">The authorities of the mapper, read again when they change. Null for those of the system.</param>
internal sealed class MapperClient(Uri mapper, string tokenFile, string? caFile) : IMapperClient, IDisposable
{
    private const string ContentType = "application/x-protobuf";
    private const int MaxAnswerBytes = 64 * 1024;
    private const int MaxFileBytes = 1 << 20;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    private readonly Uri _target = new(mapper, "/v1/batches");
    private HttpClient? _client;
    private string? _authorities;

    public async Task<SendResult> SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = await CreateRequestAsync(body, cancellationToken);
            using var response = await (await GetClientAsync(cancellationToken)).SendAsync(request, cancellationToken);
            return await ReadAsync(response, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult.Failed("timeout", Wait: null);
        }
        catch (HttpRequestException exception)
        {
            return new SendResult.Failed((exception.InnerException ?? exception).Message, Wait: null);
        }
        // An InvalidProtocolBufferException is an IOException, and a token with a line break is a FormatException.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException
            or FormatException)
        {
            return new SendResult.Failed(exception.Message, Wait: null);
        }
    }

    public void Dispose() => _client?.Dispose();

    private static async Task<SendResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return new SendResult.Accepted(Ack.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
        }

        return response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UpgradeRequired
            ? new SendResult.Rejected($"status {status}")
            : new SendResult.Failed($"status {status}", await ReadWaitAsync(response, cancellationToken));
    }

    // In the header, or in an Ack.
    private static async Task<TimeSpan?> ReadWaitAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Headers.RetryAfter?.Delta is { } delta)
        {
            return delta;
        }

        if (response.Content.Headers.ContentType?.MediaType != ContentType)
        {
            return null;
        }

        var ack = Ack.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return ack.WaitMs > 0 ? TimeSpan.FromMilliseconds(ack.WaitMs) : null;
    }

    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length > MaxFileBytes)
        {
            throw new IOException($"{path} is larger than {MaxFileBytes} bytes");
        }

        return await File.ReadAllTextAsync(path, cancellationToken);
    }

    private static X509ChainPolicy CreatePolicy(string authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorities);
        return policy;
    }

    private async Task<HttpRequestMessage> CreateRequestAsync(byte[] body, CancellationToken cancellationToken)
    {
        var token = (await ReadFileAsync(tokenFile, cancellationToken)).Trim();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        content.Headers.ContentEncoding.Add("gzip");
        var request = new HttpRequestMessage(HttpMethod.Post, _target)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private async Task<HttpClient> GetClientAsync(CancellationToken cancellationToken)
    {
        var authorities = caFile is null ? null : await ReadFileAsync(caFile, cancellationToken);
        if (_client is null || authorities != _authorities)
        {
            _client?.Dispose();
            _client = null;
            _client = CreateClient(authorities is null ? null : CreatePolicy(authorities));
            _authorities = authorities;
        }

        return _client;
    }

    private static HttpClient CreateClient(X509ChainPolicy? policy)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ActivityHeadersPropagator = null,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        };
        return new HttpClient(handler) { Timeout = _timeout, MaxResponseContentBufferSize = MaxAnswerBytes };
    }
}
