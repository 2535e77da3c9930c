using System.Security.Cryptography.X509Certificates;
using k8s;
using Wayleave.Hosting;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Logging;

namespace Wayleave.Mapper.Ingestion;

/// <summary>
/// Keeps the certificate of the port for batches, and publishes the authorities that sensors need. Each replica does, also a standby; the
/// version of the Secret decides who is first. Thread-safe.
/// </summary>
internal sealed partial class CertificateManager(
    CertificateStore store, AuthorityPublisher publisher, IngestionOptions options, TimeProvider time, ILogger<CertificateManager> logger)
    : BackgroundService, IServingCertificate
{
    private const int MaxConflicts = 5;

    private static readonly TimeSpan _checkInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _retryInterval = TimeSpan.FromSeconds(10);

    private readonly LogThrottle _throttle = new(time);
    private volatile ServedCertificate? _current;

    public X509Certificate2? Get() => _current?.Certificate;

    /// <summary>Loads or renews the certificate, and publishes the authorities.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var bundle = await RenewAsync(cancellationToken);
        if (_current?.Bundle != bundle)
        {
            // The old one may still be in use by a handshake, and is left to the garbage collector.
            _current = new ServedCertificate(bundle, bundle.LoadCertificate());
        }

        await publisher.PublishAsync(bundle, cancellationToken);
    }

    /// <summary>Checks from time to time until it is canceled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = await TryEnsureAsync(cancellationToken) ? _checkInterval : _retryInterval;
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async Task<bool> TryEnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EnsureAsync(cancellationToken);
            return true;
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException)
        {
            var reason = Explain(error);
            if (_throttle.ShouldLog(reason))
            {
                LogFailed(reason);
            }

            return false;
        }
    }

    private async Task<TlsBundle> RenewAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            var (found, version) = await store.LoadAsync(cancellationToken);
            var wanted = CertificateRotation.Renew(found, options.DnsNameValidator, time.GetUtcNow());
            if (wanted == found)
            {
                return wanted;
            }

            if (await store.TrySaveAsync(wanted, version, cancellationToken))
            {
                LogRenewed(options.Namespace, CertificateStore.Name);
                return wanted;
            }
        }

        throw new TimeoutException($"Secret \"{CertificateStore.Name}\" was changed by others during {MaxConflicts} attempts to write it");
    }

    private string Explain(Exception error) => error is KubernetesException refused && (refused.IsForbidden || refused.IsNotFound)
        ? $"{error.Message}; the mapper needs get, patch and create of Secret \"{CertificateStore.Name}\" in namespace \"{options.Namespace}\" and "
            + $"of ConfigMap \"{AuthorityPublisher.Name}\" in namespace \"{options.SensorNamespace}\", as the chart's Roles allow"
        : error.Message;

    [LoggerMessage(LogLevel.Information, "Renewed the certificate in Secret {Namespace}/{Name}")]
    private partial void LogRenewed(string @namespace, string name);

    [LoggerMessage(LogLevel.Warning, "Cannot renew or publish the certificate: {Reason}; will retry")]
    private partial void LogFailed(string reason);

    private sealed record ServedCertificate(TlsBundle Bundle, X509Certificate2 Certificate);
}
