using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Recording;

/// <summary>
/// The certificate of the port for queries: from files, which are read again when they change, or a self-signed one that lives as long as
/// the process. Thread-safe.
/// </summary>
internal sealed partial class EventCertificate : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string? _directory;
    private readonly ILogger _logger;
    private X509Certificate2 _current;
    private DateTime _readAt;

    /// <param name="directory">The folder of tls.crt and tls.key. Null for a self-signed certificate.</param>
    /// <exception cref="OptionsException">The files cannot be used.</exception>
    public EventCertificate(string? directory, TimeProvider time, ILogger<EventCertificate> logger)
    {
        (_directory, _logger) = (directory, logger);
        if (directory is null)
        {
            _current = CreateSelfSigned(time.GetUtcNow());
            return;
        }

        try
        {
            (_current, _readAt) = Read(directory);
        }
        catch (Exception error) when (IsUnusable(error))
        {
            throw new OptionsException(
                $"{EventFlags.TlsDirectory.Option}: \"{directory}\" cannot be used ({error.Message}); it needs tls.crt and tls.key in PEM form");
        }
    }

    /// <summary>The current one. If changed files cannot be used, the one before stays.</summary>
    public X509Certificate2 Get()
    {
        lock (_lock)
        {
            if (_directory is not null && File.GetLastWriteTimeUtc(CertificateFile(_directory)) is var writtenAt && writtenAt != _readAt)
            {
                _readAt = writtenAt;
                try
                {
                    // The old one may still be in use by a handshake, and is left to the garbage collector.
                    (_current, _) = Read(_directory);
                }
                catch (Exception error) when (IsUnusable(error))
                {
                    LogUnusable(_directory, error.Message);
                }
            }

            return _current;
        }
    }

    public void Dispose() => _current.Dispose();

    private static string CertificateFile(string directory) => Path.Combine(directory, "tls.crt");

    private static (X509Certificate2 Certificate, DateTime WrittenAt) Read(string directory)
    {
        var file = CertificateFile(directory);
        var writtenAt = File.GetLastWriteTimeUtc(file);
        return (X509Certificate2.CreateFromPemFile(file, Path.Combine(directory, "tls.key")), writtenAt);
    }

    // A client that connects through the API server does not check it, as with kubectl logs.
    private static X509Certificate2 CreateSelfSigned(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=wayleave-operator", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
    }

    private static bool IsUnusable(Exception error) => error is IOException or UnauthorizedAccessException or CryptographicException;

    [LoggerMessage(LogLevel.Warning, "Cannot read the changed certificate in {Directory}: {Reason}; using the one before")]
    private partial void LogUnusable(string directory, string reason);
}
