using System.Net;
using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// Makes new connections when the files change that TLS is made with: a rotated cluster authority or client certificate needs no restart.
/// The files are looked at once a minute, as those of tokens are, and at once when a handshake fails or the client certificate is
/// refused. While they cannot be read, or do not fit together, the connections stay as they are. Requests under way end on their old
/// connection.
/// </summary>
/// <param name="files">The files.</param>
/// <param name="initial">What was read from them when the program started.</param>
/// <param name="connect">Makes the handler of new connections; nothing is sent yet.</param>
/// <param name="time">Says when to look again.</param>
internal sealed class ReloadingTlsHandler(
    TlsFiles files, TlsMaterial initial, Func<TlsMaterial, HttpMessageHandler> connect, TimeProvider time) : HttpMessageHandler
{
    private static readonly TimeSpan _fresh = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Connections? _current;
    private Connections? _before;
    private long _lookedAt;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var connections = Current(isDue: false);
        try
        {
            var response = await connections.Invoker.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized || Current(isDue: true) == connections)
            {
                return response;
            }

            response.Dispose();
        }
        catch (HttpRequestException error)
            when (error.HttpRequestError == HttpRequestError.SecureConnectionError && Current(isDue: true) != connections)
        {
            // Nothing was sent yet.
        }

        return await Current(isDue: false).Invoker.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                _current?.Invoker.Dispose();
                _before?.Invoker.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private Connections Current(bool isDue)
    {
        lock (_lock)
        {
            if (_current is null)
            {
                (_lookedAt, var first) = (time.GetTimestamp(), files.Version());
                return _current = Connect(files.TryRead() ?? initial, first);
            }

            if (!isDue && time.GetElapsedTime(_lookedAt) < _fresh)
            {
                return _current;
            }

            _lookedAt = time.GetTimestamp();
            if (files.Version() is { } version && version != _current.Version && files.TryRead() is { } material)
            {
                // Disposed one change later, when nothing is on its way to it any more.
                _before?.Invoker.Dispose();
                (_before, _current) = (_current, Connect(material, version));
            }

            return _current;
        }
    }

    private Connections Connect(TlsMaterial material, string? version) => new(new HttpMessageInvoker(connect(material)), version);

    private sealed record Connections(HttpMessageInvoker Invoker, string? Version);
}
