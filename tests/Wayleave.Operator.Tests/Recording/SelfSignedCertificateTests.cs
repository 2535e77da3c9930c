using Wayleave.Operator.Recording;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Recording;

public sealed class SelfSignedCertificateTests
{
    [Fact]
    public void Stays_the_same_and_has_its_key()
    {
        using var certificate = new SelfSignedCertificate(new ManualTimeProvider());

        certificate.Get().HasPrivateKey.ShouldBeTrue();
        certificate.Get().ShouldBeSameAs(certificate.Get());
    }
}
