using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Hosting;
using Wayleave.Operator.Recording;
using Wayleave.Settings;

namespace Wayleave.Operator.Tests.Hosting;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wayleave-tls").FullName;
    private DateTime _writtenAt = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Reads_changed_files_again_and_keeps_the_last_good_one()
    {
        Write("first");
        using var certificate = Create();
        certificate.Get().Subject.ShouldBe("CN=first");

        Write("second");
        certificate.Get().Subject.ShouldBe("CN=second");

        File.WriteAllText(Path.Combine(_directory, "tls.crt"), "not a certificate");
        certificate.Get().Subject.ShouldBe("CN=second");
    }

    [Fact]
    public void A_folder_without_a_certificate_is_an_error_that_names_the_option() =>
        Should.Throw<OptionsException>(() => Create()).Message.ShouldStartWith($"--event-tls-dir: \"{_directory}\" cannot be used");

    private CertificateFiles Create() => new(EventFlags.TlsDirectory, _directory, NullLogger<CertificateFiles>.Instance);

    private void Write(string name)
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(_directory, "tls.crt");
        File.WriteAllText(Path.Combine(_directory, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.SetLastWriteTimeUtc(file, _writtenAt = _writtenAt.AddMinutes(1));
    }
}
