using System.Net.Security;
using System.Net.Sockets;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// Connects with TLS and expects a certificate for another name than the address has. <see cref="SocketsHttpHandler"/> by itself takes the
/// name from the address, whatever its options say.
/// </summary>
internal sealed class NamedTlsConnector
{
    private readonly SslClientAuthenticationOptions _tls;

    public NamedTlsConnector(SslClientAuthenticationOptions tls, string name)
    {
        tls.TargetHost = name;
        tls.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        _tls = tls;
    }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(_tls, cancellationToken);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
