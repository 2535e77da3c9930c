using System.IO.Compression;
using System.Text.Json;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Reports;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Reports;

public sealed class TelemetryEndpointTests : CollectorTest
{
    [Fact]
    public void Shows_only_that_telemetry_is_disabled_and_by_what()
    {
        var settings = TelemetrySettings.Default with { Enabled = false, DisabledBy = "DO_NOT_TRACK", Endpoint = new Uri("http://collector.example.com") };

        Parse(TelemetryEndpoint.WriteDisabled(settings)).EnumerateObject().Select(member => $"{member.Name}: {member.Value}")
            .ShouldBe(["enabled: False", "disabledBy: DO_NOT_TRACK"]);
    }

    [Fact]
    public async Task A_standby_shows_its_settings_without_secrets_and_that_it_does_not_lead()
    {
        await using var standby = Restart(Settings with
        {
            Endpoint = new Uri("https://collector.example.com:4318/tenants/s3cret?key=s3cret"),
            ApiKey = ApiKey.CreateOrNull("s3cret"),
            Headers = CollectorHeaders.Parse("Authorization=s3cret,x-tenant=s3cret"),
            CaFile = "/etc/ca.crt",
        });
        var text = standby.Page.Write();

        text.ShouldNotContain("s3cret");
        var page = Parse(standby.Page.Write());
        page.GetProperty("leading").GetBoolean().ShouldBeFalse();
        page.GetProperty("endpoint").GetString().ShouldBe("https://collector.example.com:4318");
        page.GetProperty("headers").EnumerateArray().Select(name => name.GetString()).ShouldBe(["Authorization", "x-tenant"]);
        (page.GetProperty("apiKey").GetBoolean(), page.GetProperty("ownAuthorities").GetBoolean()).ShouldBe((true, true));
        page.TryGetProperty("pending", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Shows_the_exact_body_of_the_last_request_and_its_acknowledgment()
    {
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Installation.FlushAsync();

        var page = Parse(Installation.Page.Write());
        var request = page.GetProperty("lastRequest");
        Unzip(request.GetProperty("body").GetBytesFromBase64()).ShouldBe(Collector.Requests.ShouldHaveSingleItem().Body);
        var acknowledged = page.GetProperty("acknowledged");
        acknowledged.GetProperty("sequence").GetInt64().ShouldBe(request.GetProperty("sequence").GetInt64());
        acknowledged.GetProperty("records")[0].GetProperty("attributes").GetProperty("event.id").GetString().ShouldBe(Collector.Records[0].EventId);
        page.GetProperty("contextId").GetString().ShouldBe(FakeContextIdSource.Cluster.Value);
        page.TryGetProperty("failure", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Shows_the_batch_in_flight_the_pending_counts_and_the_failure_reason()
    {
        Collector.Otherwise = OtlpAnswer.Status(401);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Installation.FlushAsync();
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 4);
        await Installation.FlushAsync();

        var page = Parse(Installation.Page.Write());
        page.GetProperty("failure").GetProperty("reason").GetString().ShouldBe("HTTP 401");
        page.GetProperty("inFlight").GetProperty("records")[0].GetProperty("attributes").GetProperty("count").GetInt64().ShouldBe(3);
        page.GetProperty("pending").GetProperty("counts")[0].GetProperty("count").GetInt64().ShouldBe(4);
        page.GetProperty("leading").GetBoolean().ShouldBeTrue();
    }

    private static JsonElement Parse(string page) => JsonDocument.Parse(page).RootElement;

    private static byte[] Unzip(byte[] body)
    {
        using var zipped = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zipped.CopyTo(plain);
        return plain.ToArray();
    }
}
