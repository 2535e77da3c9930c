using Microsoft.AspNetCore.Server.Kestrel.Core;
using Wayleave.Hosting;
using Wayleave.Ingest;

namespace Wayleave.Mapper.Ingestion;

/// <summary>The port for batches: HTTPS with the certificate of the mapper, and one path.</summary>
internal sealed class IngestionPort(IngestionEndpoint endpoint, IServingCertificate certificate)
{
    private const int MaxHeaderBytes = 64 << 10;

    private static readonly TimeSpan _headersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The largest body of a request, as it is sent. A request sets its own limit to this, whatever the server's is.</summary>
    public long MaxBodySize { get; } = BatchLimits.BodyBytes;

    /// <summary>Makes a port serve HTTPS, and sets the limits of headers, which hold for the whole server.</summary>
    public void Secure(ListenOptions listen)
    {
        var limits = listen.KestrelServerOptions.Limits;
        (limits.MaxRequestHeadersTotalSize, limits.RequestHeadersTimeout) = (MaxHeaderBytes, _headersTimeout);
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Get());
    }

    public Task AnswerAsync(HttpContext context) => endpoint.AnswerAsync(context);
}
