using System.Security.Cryptography.X509Certificates;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Export;

/// <summary>Certificates, API keys and headers, and the files that they are read from.</summary>
public sealed class ExporterCredentialsTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wayleave-").FullName;

    private string KeyFile => Path.Combine(_folder, "api-key");

    private string CaFile => Path.Combine(_folder, "ca.crt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Trusts_a_certificate_signed_by_the_configured_authority()
    {
        await using var collector = await OtlpCollector.StartAsync(certificates.Server);
        await TrustAsync(certificates.Authority);

        (await SendAsync(collector)).IsAcknowledged.ShouldBeTrue();
    }

    [Fact]
    public async Task Rejects_a_certificate_signed_by_an_authority_that_is_not_configured()
    {
        using var others = new TestCertificates();
        await using var collector = await OtlpCollector.StartAsync(certificates.Server);
        await TrustAsync(others.Authority);

        (await SendAsync(collector)).Reason.ShouldBe("certificate");
        (await Sample.Sender(collector.Endpoint, TimeProvider.System).SendAsync(Sample.Batch(), default)).Reason.ShouldBe("certificate");
        collector.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rejects_a_certificate_for_another_host_and_an_expired_one()
    {
        await TrustAsync(certificates.Authority);
        using var other = certificates.OtherServer();
        using var expired = certificates.ExpiredServer();
        foreach (var certificate in new[] { other, expired })
        {
            await using var collector = await OtlpCollector.StartAsync(certificate);

            (await SendAsync(collector)).Reason.ShouldBe("certificate", certificate.Subject);
            collector.Requests.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Uses_a_replaced_authority_at_the_next_attempt()
    {
        using var others = new TestCertificates();
        await using var collector = await OtlpCollector.StartAsync(certificates.Server);
        await TrustAsync(others.Authority);
        var sender = Sample.Sender(collector.Endpoint, TimeProvider.System, caFile: CaFile);
        (await sender.SendAsync(Sample.Batch(), default)).IsAcknowledged.ShouldBeFalse();
        (await sender.HaveCredentialsChangedAsync(default)).ShouldBeFalse();

        await TrustAsync(certificates.Authority);

        (await sender.HaveCredentialsChangedAsync(default)).ShouldBeTrue();
        (await sender.SendAsync(Sample.Batch(), default)).IsAcknowledged.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public async Task Sends_nothing_when_the_CA_file_is_missing_or_invalid(string? text)
    {
        await using var collector = await OtlpCollector.StartAsync();
        if (text is not null)
        {
            await File.WriteAllTextAsync(CaFile, text);
        }

        (await SendAsync(collector)).Reason.ShouldBe("ca-file");
        collector.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Reads_the_API_key_file_at_each_attempt()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var sender = Sample.Sender(collector.Endpoint, TimeProvider.System, ApiKey.CreateOrNull("of-the-environment"), KeyFile);

        await sender.SendAsync(Sample.Batch(), default);
        await File.WriteAllTextAsync(KeyFile, "first\n");
        await sender.SendAsync(Sample.Batch(), default);
        await File.WriteAllTextAsync(KeyFile, "second");
        await sender.SendAsync(Sample.Batch(), default);

        collector.Requests.Select(request => request.Headers["x-api-key"]).ShouldBe(["of-the-environment", "first", "second"]);
    }

    [Fact]
    public async Task Sends_nothing_when_the_API_key_is_invalid_in_a_header()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await File.WriteAllTextAsync(KeyFile, "two\nlines");

        (await Sample.Sender(collector.Endpoint, TimeProvider.System, keyFile: KeyFile).SendAsync(Sample.Batch(), default)).Reason.ShouldBe("api-key");
        collector.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Sends_the_configured_headers_in_place_of_the_defaults()
    {
        await using var collector = await OtlpCollector.StartAsync();

        const string headers = "Authorization=Basic%20dXNlcjpwYXNz,x-api-key=of-the-headers,user-agent=shop/1";
        await Sample.Sender(collector.Endpoint, TimeProvider.System, headers: headers).SendAsync(Sample.Batch(), default);

        var sent = collector.Requests.ShouldHaveSingleItem().Headers;
        (sent["Authorization"], sent["x-api-key"], sent["User-Agent"]).ShouldBe(("Basic dXNlcjpwYXNz", "of-the-headers", "shop/1"));
        sent["Content-Type"].ShouldBe("application/x-protobuf");
    }

    [Fact]
    public async Task The_API_key_setting_overrides_a_key_in_the_headers()
    {
        await using var collector = await OtlpCollector.StartAsync();
        const string headers = "X-API-Key=of-the-headers,x-tenant=shop";
        var key = ApiKey.CreateOrNull("of-the-environment");
        var sender = Sample.Sender(collector.Endpoint, TimeProvider.System, key, KeyFile, headers: headers);

        await sender.SendAsync(Sample.Batch(), default);
        await File.WriteAllTextAsync(KeyFile, "of-the-file");
        await sender.SendAsync(Sample.Batch(), default);

        collector.Requests.Select(request => request.Headers["x-api-key"]).ShouldBe(["of-the-environment", "of-the-file"]);
        collector.Requests.ShouldAllBe(request => request.Headers["x-tenant"] == "shop");
    }

    private Task TrustAsync(X509Certificate2 authority) => File.WriteAllTextAsync(CaFile, authority.ExportCertificatePem());

    private Task<Telemetry.Export.SendResult> SendAsync(OtlpCollector collector) =>
        Sample.Sender(collector.Endpoint, TimeProvider.System, caFile: CaFile).SendAsync(Sample.Batch(), default);
}
