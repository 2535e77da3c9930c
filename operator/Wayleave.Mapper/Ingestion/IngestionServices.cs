using Microsoft.AspNetCore.Server.Kestrel.Core;
using Wayleave.Kubernetes.Client;
using Wayleave.Ingest;

namespace Wayleave.Mapper.Ingestion;

/// <summary>Adds the port for batches to the program.</summary>
internal static class IngestionServices
{
    private const int MaxHeaderBytes = 64 << 10;

    private static readonly TimeSpan _headersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds <see cref="IngestionEndpoint"/> and <see cref="IServingCertificate"/>. The program provides <see cref="IBatchHandler"/>,
    /// <see cref="IPodDirectory"/>, <see cref="TimeProvider"/>, meters and loggers.
    /// </summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="options">Who may send, and where.</param>
    /// <param name="client">The client that may write on a standby too: it creates reviews, and keeps the certificate.</param>
    public static void Add(IServiceCollection services, IngestionOptions options, Func<IServiceProvider, IKubernetesClient> client)
    {
        services
            .AddSingleton(options)
            .AddSingleton<IngestionMetrics>()
            .AddSingleton<BatchReceiver>()
            .AddSingleton<IngestionEndpoint>()
            .AddSingleton(provider => new SensorAuthenticator(
                client(provider),
                provider.GetRequiredService<IPodDirectory>(),
                options,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SensorAuthenticator>>()));
        if (options.TlsDirectory is { } directory)
        {
            services.AddSingleton<IServingCertificate>(provider => new CertificateFiles(
                directory, provider.GetRequiredService<ILogger<CertificateFiles>>()));
            return;
        }

        services
            .AddSingleton(provider => new CertificateManager(
                new CertificateStore(client(provider), options),
                new AuthorityPublisher(client(provider), options),
                options,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<CertificateManager>>()))
            .AddSingleton<IServingCertificate>(provider => provider.GetRequiredService<CertificateManager>())
            .AddHostedService(provider => provider.GetRequiredService<CertificateManager>());
    }

    /// <summary>Sets the limits of the server. Each request for batches raises the limit of its own body.</summary>
    public static void Limit(KestrelServerLimits limits)
    {
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.RequestHeadersTimeout = _headersTimeout;
    }

    /// <summary>Makes the port serve HTTPS with the certificate of the mapper.</summary>
    public static void Secure(ListenOptions listen)
    {
        var certificate = listen.ApplicationServices.GetRequiredService<IServingCertificate>();
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Get());
    }
}
