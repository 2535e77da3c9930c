using Microsoft.AspNetCore.Server.Kestrel.Core;
using Wayleave.Hosting;

namespace Wayleave.Mapper.Ingestion;

/// <summary>The port for batches: HTTPS with the certificate of the mapper, and one path.</summary>
internal sealed class IngestionPort(IngestionEndpoint endpoint, IServingCertificate certificate)
{
    private const int MaxHeaderBytes = 64 << 10;

    private static readonly TimeSpan _headersTimeout = TimeSpan.FromSeconds(10);

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
