using Wayleave.Hosting;
using Wayleave.Ingest;
using Wayleave.Kubernetes.Client;
using Wayleave.Mapper.Configuration;

namespace Wayleave.Mapper.Ingestion;

/// <summary>Adds the port for batches to the program.</summary>
internal static class IngestionServices
{
    /// <summary>
    /// Adds <see cref="IngestionPort"/>. The program provides <see cref="IBatchHandler"/>, <see cref="IPodDirectory"/>,
    /// <see cref="TimeProvider"/>, meters and loggers.
    /// </summary>
    /// <param name="options">Who may send, and where.</param>
    /// <param name="client">The client that may write on a standby too: it creates reviews, and keeps the certificate.</param>
    public static void Add(IServiceCollection services, IngestionOptions options, Func<IServiceProvider, IKubernetesClient> client)
    {
        services
            .AddSingleton(options)
            .AddSingleton<IngestionMetrics>()
            .AddSingleton<BatchReceiver>()
            .AddSingleton<IngestionEndpoint>()
            .AddSingleton<IngestionPort>()
            .AddSingleton(provider => new SensorAuthenticator(
                client(provider),
                provider.GetRequiredService<IPodDirectory>(),
                options,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SensorAuthenticator>>()));
        if (options.TlsDirectory is { } directory)
        {
            services.AddSingleton<IServingCertificate>(provider => new CertificateFiles(
                MapperFlags.TlsDirectory, directory, provider.GetRequiredService<ILogger<CertificateFiles>>()));
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
}
