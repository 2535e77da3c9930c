using Microsoft.AspNetCore.Server.Kestrel.Core;
using Wayleave.Hosting;
using Wayleave.Kubernetes.Client;
using Wayleave.Mapper.Ingestion;

namespace Wayleave.Mapper.Page;

/// <summary>
/// The port of the page: HTTPS with the certificate of the mapper, and one path. The limits of headers are those of batches.
/// </summary>
internal sealed class PagePort(PageEndpoint endpoint, IServingCertificate certificate)
{
    /// <summary>Adds the port. The program provides <see cref="IngestionOptions"/>, the certificate, the clock and loggers.</summary>
    /// <param name="client">The client that reads, and that creates reviews on a standby too.</param>
    public static void Add(IServiceCollection services, Func<IServiceProvider, IKubernetesClient> client) => services
        .AddSingleton(provider => new PageAccess(
            client(provider), provider.GetRequiredService<IngestionOptions>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new MapReader(client(provider)))
        .AddSingleton<PageEndpoint>()
        .AddSingleton<PagePort>();

    /// <summary>Makes a port serve HTTPS.</summary>
    public void Secure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Get());
    }

    public Task AnswerAsync(HttpContext context) => endpoint.AnswerAsync(context);
}
