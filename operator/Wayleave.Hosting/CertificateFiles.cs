using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Wayleave.Settings;

namespace Wayleave.Hosting;

/// <summary>The certificate of a port.</summary>
public interface IServingCertificate
{
    /// <summary>The current one. Null while there is none yet.</summary>
    X509Certificate2? Get();
}

/// <summary>A certificate that others keep: in files, which are read again when they change. Thread-safe.</summary>
public sealed partial class CertificateFiles : IServingCertificate, IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _directory;
    private readonly ILogger _logger;
    private X509Certificate2 _current;
    private DateTime _readAt;

    /// <param name="flag">The flag that names the folder.</param>
    /// <param name="directory">The folder of tls.crt and tls.key.</param>
    /// <exception cref="OptionsException">The files cannot be used.</exception>
    public CertificateFiles(Setting flag, string directory, ILogger<CertificateFiles> logger)
    {
        (_directory, _logger) = (directory, logger);
        try
        {
            (_current, _readAt) = Read(directory);
        }
        catch (Exception error) when (IsUnusable(error))
        {
            throw new OptionsException(
                $"{flag.Option}: \"{directory}\" cannot be used ({error.Message}); it needs tls.crt and tls.key in PEM form");
        }
    }

    /// <summary>The current one. If changed files cannot be used, the one before stays.</summary>
    public X509Certificate2 Get()
    {
        lock (_lock)
        {
            if (File.GetLastWriteTimeUtc(CertificateFile(_directory)) is var writtenAt && writtenAt != _readAt)
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

    private static bool IsUnusable(Exception error) => error is IOException or UnauthorizedAccessException or CryptographicException;

    [LoggerMessage(LogLevel.Warning, "Cannot read the changed certificate in {Directory}: {Reason}; still using the previous one")]
    private partial void LogUnusable(string directory, string reason);
}
