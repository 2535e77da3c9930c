using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Wayleave.Hosting;

namespace Wayleave.Operator.Recording;

/// <summary>
/// A self-signed certificate that lives as long as the process. A client that connects through the API server does not check it, as with
/// kubectl logs.
/// </summary>
internal sealed class SelfSignedCertificate(TimeProvider time) : IServingCertificate, IDisposable
{
    private readonly X509Certificate2 _certificate = Create(time.GetUtcNow());

    public X509Certificate2 Get() => _certificate;

    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=wayleave-operator", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
    }
}
