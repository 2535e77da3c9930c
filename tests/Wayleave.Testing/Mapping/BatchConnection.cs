using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Wayleave.Testing.Mapping;

/// <summary>A connection of a sensor to a mapper on this machine. Thread-safe.</summary>
public sealed class BatchConnection : IDisposable
{
    private const string Host = "wayleave-mapper.wayleave-system.svc";
    private const string Path = "/v1/batches";
    private const string ContentType = "application/x-protobuf";

    // As of the sensor.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    private readonly int _port;
    private readonly IPAddress _source;
    private readonly SslClientAuthenticationOptions _security;
    private readonly HttpClient _client;

    /// <param name="port">Where the mapper takes batches.</param>
    /// <param name="authority">The certificate of its authority, as PEM.</param>
    /// <param name="node">The number of the node: the mapper limits requests by their source, so each node has an address of its own.</param>
    public BatchConnection(int port, string authority, int node)
    {
        (_port, _source) = (port, new IPAddress([127, 1, (byte)(node >> 8), (byte)node]));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authority);
        _security = new SslClientAuthenticationOptions { TargetHost = Host, CertificateChainPolicy = policy };
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            ConnectCallback = async (_, cancellationToken) => new NetworkStream(await ConnectAsync(cancellationToken), ownsSocket: true),
        };
        _client = new HttpClient(handler) { BaseAddress = new Uri($"https://{Host}"), DefaultRequestVersion = HttpVersion.Version20, Timeout = _timeout };
    }

    /// <param name="body">A batch, compressed with gzip.</param>
    /// <param name="token">The token of the sensor.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<HttpResponseMessage> SendAsync(byte[] body, string token, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        content.Headers.ContentEncoding.Add("gzip");
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content, Version = HttpVersion.Version20 };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request, cancellationToken);
    }

    /// <summary>Sends half of a batch on a connection of its own, and resets that.</summary>
    public async Task SendHalfAsync(byte[] body, string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var socket = await ConnectAsync(cancellationToken);
        await using var network = new NetworkStream(socket);
        await using var secure = new SslStream(network);
        await secure.AuthenticateAsClientAsync(_security, cancellationToken);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {Path} HTTP/1.1\r\nHost: {Host}\r\nAuthorization: Bearer {token}\r\nContent-Type: {ContentType}\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n");
        await secure.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        await secure.WriteAsync(body.AsMemory(0, body.Length / 2), cancellationToken);
        await secure.FlushAsync(cancellationToken);
        socket.Close(0);
    }

    public void Dispose() => _client.Dispose();

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(_source, 0));
            await socket.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
