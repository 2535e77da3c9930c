using System.Security.Cryptography.X509Certificates;
using Wayleave.Mapper.Ingestion;

namespace Wayleave.Mapper.Tests.Ingestion;

public sealed class CertificateRotationTests
{
    private static readonly string[] _names = ["wayleave-mapper.wayleave.svc", "wayleave-mapper.wayleave.svc.cluster.local"];

    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Issues_a_serving_certificate_for_the_names_of_the_Service()
    {
        var bundle = CertificateRotation.Renew(null, _names, _now);
        using var serving = bundle.LoadCertificate();
        _names.ShouldAllBe(name => serving.MatchesHostname(name));
        serving.MatchesHostname("wayleave-mapper").ShouldBeFalse();
        (serving.NotAfter.ToUniversalTime() - _now.UtcDateTime).TotalDays.ShouldBe(90, tolerance: 0.1);

        using var authority = bundle.LoadAuthority();
        (authority.NotAfter.ToUniversalTime() - _now.UtcDateTime).TotalDays.ShouldBe(730, tolerance: 0.1);
        authority.GetECDsaPrivateKey()!.KeySize.ShouldBe(256);
        IsTrusted(bundle, bundle).ShouldBeTrue();
    }

    [Fact]
    public void Changes_nothing_before_two_thirds_of_the_lifetime()
    {
        var bundle = CertificateRotation.Renew(null, _names, _now);
        Renew(bundle, days: 59).ShouldBeSameAs(bundle);

        var renewed = Renew(bundle, days: 1);
        renewed.Certificate.ShouldNotBe(bundle.Certificate);
        renewed.Authorities.ShouldBe(bundle.Authorities);
        IsTrusted(renewed, bundle).ShouldBeTrue();
    }

    [Fact]
    public void Other_names_and_a_certificate_of_another_authority_are_replaced_at_once()
    {
        var bundle = CertificateRotation.Renew(null, ["old.wayleave.svc"], _now);
        var renamed = CertificateRotation.Renew(bundle, _names, _now);
        renamed.Certificate.ShouldNotBe(bundle.Certificate);

        var other = CertificateRotation.Renew(null, _names, _now);
        var mixed = renamed with { Certificate = other.Certificate, Key = other.Key };
        IsTrusted(CertificateRotation.Renew(mixed, _names, _now), renamed).ShouldBeTrue();
    }

    [Fact]
    public void Starts_over_with_an_expired_authority()
    {
        var bundle = CertificateRotation.Renew(null, _names, _now);
        var renewed = Renew(bundle, days: 731);
        renewed.Authorities.ShouldNotContain(bundle.Authorities);
        IsTrusted(renewed, renewed).ShouldBeTrue();
    }

    [Fact]
    public void On_each_day_until_the_old_authority_is_gone_sensors_that_read_the_bundle_a_day_ago_trust_what_is_served()
    {
        var bundle = CertificateRotation.Renew(null, _names, _now);
        var (first, mostAtOnce) = (bundle.Authorities, 0);
        for (var day = 1; day < 600; day++)
        {
            var next = Renew(bundle, days: 1);
            if (next != bundle || day % 10 == 0)
            {
                IsTrusted(next, bundle).ShouldBeTrue($"day {day}");
                IsTrusted(bundle, next).ShouldBeTrue($"a replica that has not read the Secret, day {day}");
            }

            bundle = next;
            mostAtOnce = Math.Max(mostAtOnce, Count(bundle.Authorities));
        }

        mostAtOnce.ShouldBe(2);
        Count(bundle.Authorities).ShouldBe(1);
        bundle.Authorities.ShouldNotBe(first);
    }

    private TlsBundle Renew(TlsBundle bundle, int days)
    {
        _now = _now.AddDays(days);
        return CertificateRotation.Renew(bundle, _names, _now);
    }

    private static int Count(string authorities) => authorities.Split("BEGIN CERTIFICATE").Length - 1;

    private bool IsTrusted(TlsBundle served, TlsBundle known)
    {
        using var certificate = served.LoadCertificate();
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(known.Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _now.LocalDateTime;
        return chain.Build(certificate);
    }
}
