using System.Collections.Concurrent;
using System.Net;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

/// <summary>Connections: certificates, names, HTTP/2, limits, metrics.</summary>
public sealed class ApiServerConnectionTests(TestCertificates certificates) : IClassFixture<TestCertificates>, IDisposable
{
    private static readonly KubernetesClientOptions Options = new() { FieldManager = "wayleave" };

    private readonly FakeMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Rejects_a_server_certificate_from_an_untrusted_authority()
    {
        using var others = new TestCertificates();
        await using var server = await FakeApiServer.StartAsync(Answer.Json("{}"), certificates);

        (await ReachAsync(server, settings => settings)).ShouldBeTrue();
        (await ReachAsync(server, settings => settings with { Authorities = others.Authorities })).ShouldBeFalse();
        (await ReachAsync(server, settings => settings with { Authorities = null })).ShouldBeFalse("the system does not trust it");
    }

    [Fact]
    public async Task Requires_the_expected_name_in_the_server_certificate()
    {
        await using var server = await FakeApiServer.StartAsync(Answer.Json("{}"), certificates);

        (await ReachAsync(server, settings => Named(settings, "api.test"))).ShouldBeTrue();
        (await ReachAsync(server, settings => Named(settings, "other.test"))).ShouldBeFalse();
        server.Requests.ShouldHaveSingleItem().Protocol.ShouldBe("HTTP/2");
    }

    [Fact]
    public async Task Says_what_is_wrong_with_the_server_certificate()
    {
        using var others = new TestCertificates();
        await using var server = await FakeApiServer.StartAsync(Answer.Json("{}"), certificates);

        (await FailAsync(settings => settings with { Authorities = others.Authorities })).Message.ShouldContain("certificate chain");
        (await FailAsync(settings => Named(settings, "other.test"))).Message.ShouldContain("RemoteCertificateNameMismatch");

        async Task<HttpRequestException> FailAsync(Func<ConnectionSettings, ConnectionSettings> change)
        {
            using var connection = Connect(server, change);
            return await Should.ThrowAsync<HttpRequestException>(() => VersionAsync(connection));
        }
    }

    [Fact]
    public async Task Accepts_a_TLS_server_name_that_differs_from_the_address()
    {
        await using var server = await FakeApiServer.StartAsync(Answer.Json("{}"), certificates, IPAddress.Parse("127.0.0.2"));

        (await ReachAsync(server, settings => settings)).ShouldBeFalse("the certificate is not for 127.0.0.2");
        (await ReachAsync(server, settings => Named(settings, "api.test"))).ShouldBeTrue();
    }

    [Fact]
    public async Task Reloads_a_rotated_authority_from_its_file()
    {
        using var folder = new KubeConfigFolder(certificates);
        using var others = new TestCertificates();
        await using var server = await FakeApiServer.StartAsync(Answer.Json("{}"), certificates);
        folder.Write("ca.crt", others.Authority.ExportCertificatePem());
        using var meters = new FakeMeters();
        var configuration = folder.Read($"server: '{server.Address}', certificate-authority: ca.crt");
        using var connection = new ApiServerConnection(configuration, Options, meters.Metrics(), folder.Time);
        (await ReachAsync(connection)).ShouldBeFalse("another authority signed it");

        folder.Write("ca.crt", others.Authority.ExportCertificatePem() + "\n" + certificates.Authority.ExportCertificatePem());
        (await ReachAsync(connection)).ShouldBeTrue("a failed handshake makes it read the file at once");

        folder.Write("ca.crt", "half a cert");
        folder.Time.Advance(TimeSpan.FromMinutes(1));
        (await ReachAsync(connection)).ShouldBeTrue("a file that cannot be read changes nothing");

        folder.Write("ca.crt", others.Authority.ExportCertificatePem());
        (await ReachAsync(connection)).ShouldBeTrue("it reads the file only once a minute");
        folder.Time.Advance(TimeSpan.FromMinutes(1));
        (await ReachAsync(connection)).ShouldBeFalse("the old authority is no longer trusted");
    }

    [Fact]
    public async Task Reloads_a_rotated_client_certificate_from_its_files()
    {
        using var folder = new KubeConfigFolder(certificates);
        using var others = new TestCertificates();
        await using var server =
            await FakeApiServer.StartAsync(SubjectAsync, certificates, IPAddress.Loopback, wantClientCertificate: true);
        folder.Write("tls/client.crt", others.Client.ExportCertificatePem());
        folder.Write("tls/client.key", TestCertificates.KeyOf(others.Client));
        using var meters = new FakeMeters();
        var configuration = folder.Read(
            $"server: '{server.Address}', certificate-authority: ca.crt", "client-certificate: tls/client.crt, client-key: tls/client.key");
        using var connection = new ApiServerConnection(configuration, Options, meters.Metrics(), folder.Time);
        await Should.ThrowAsync<HttpRequestException>(() => VersionAsync(connection));

        folder.Write("tls/client.crt", folder.Certificate);
        folder.Time.Advance(TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<HttpRequestException>(() => VersionAsync(connection), "the key is still the old one");
        folder.Write("tls/client.key", folder.Key);
        folder.Time.Advance(TimeSpan.FromMinutes(1));

        (await VersionAsync(connection)).ShouldContain("CN=test-client");
    }

    [Fact]
    public async Task Connects_to_an_IPv6_address()
    {
        await using var server = await FakeApiServer.StartAsync(Answer.Json("{}"), certificates, IPAddress.IPv6Loopback);
        server.Address.Host.ShouldBe("[::1]");

        (await ReachAsync(server, settings => settings)).ShouldBeTrue();
    }

    [Fact]
    public async Task Presents_the_client_certificate()
    {
        await using var api = await TestApi.StartAsync(certificates, SubjectAsync, new TestApiOptions { WantClientCertificate = true });

        (await api.Client.GetVersionAsync(default)).GitVersion.ShouldBe("CN=test-client");
    }

    [Fact]
    public async Task Concurrent_requests_share_one_HTTP_2_connection()
    {
        var connections = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var together = new CountdownEvent(40);
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            connections.AddOrUpdate(context.Connection.Id, 1, (_, count) => count + 1);
            together.Signal();
            await Soon.UntilAsync("all requests to arrive at once", () => together.IsSet);
            await Answer.SendAsync(context, "{}");
        });

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => api.Client.GetVersionAsync(default)));

        connections.Count.ShouldBe(1);
        api.Server.Requests.ShouldAllBe(request => request.Protocol == "HTTP/2");
        together.Dispose();
    }

    [Fact]
    public async Task Does_not_follow_a_redirect()
    {
        // The request to the other server would carry the token.
        await using var api = await TestApi.StartAsync(
            certificates,
            context =>
            {
                context.Response.Redirect("https://elsewhere.test/");
                return Task.CompletedTask;
            },
            new TestApiOptions { Token = "secret" });

        (await Should.ThrowAsync<KubernetesException>(() => api.Client.GetVersionAsync(default))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Counts_requests_by_host_method_and_code_with_0_for_no_response()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.InTurn(
            Answer.Json("{}"),
            Answer.Status(404, "NotFound", "no"),
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            }));

        await api.Client.GetVersionAsync(default);
        await api.Client.DeleteAsync<V1ConfigMap>("a", "shop", null, default);
        await Should.ThrowAsync<HttpRequestException>(() => api.Client.CreateAsync(Given.ConfigMap("a"), default));

        var host = $"127.0.0.1:{api.Server.Address.Port}";
        api.Meters[$"rest_client_requests_total{{host={host},method=GET,code=200}}"].ShouldBe(1);
        api.Meters[$"rest_client_requests_total{{host={host},method=DELETE,code=404}}"].ShouldBe(1);
        api.Meters[$"rest_client_requests_total{{host={host},method=POST,code=0}}"].ShouldBe(1);
    }

    [Fact]
    public async Task Delays_requests_above_the_burst()
    {
        var options = new KubernetesClientOptions { FieldManager = "wayleave", QueriesPerSecond = 1, Burst = 3 };
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("{}"), new TestApiOptions { Client = options });
        using var giveUp = new CancellationTokenSource();

        var waiting = Enumerable.Range(0, 10).Select(_ => api.Client.GetVersionAsync(giveUp.Token)).ToList();
        await Soon.UntilAsync("the burst", () => waiting.Count(task => task.IsCompletedSuccessfully) >= 3);
        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(Task.WhenAll(waiting)));
        api.Server.Requests.Count.ShouldBeLessThan(10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(19)]
    [InlineData(100)]
    [InlineData(1500)]
    public void The_rate_limit_matches_the_configured_queries_per_second_and_burst(int queriesPerSecond)
    {
        var limits = RateLimitHandler.CreateLimiterOptions(Options with { QueriesPerSecond = queriesPerSecond, Burst = 7 });

        (limits.TokensPerPeriod / limits.ReplenishmentPeriod.TotalSeconds).ShouldBe(queriesPerSecond, tolerance: 0.01);
        limits.ReplenishmentPeriod.ShouldBeInRange(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
        limits.TokenLimit.ShouldBe(7);
    }

    private static Task SubjectAsync(HttpContext context) =>
        Answer.SendAsync(context, $$"""{"gitVersion":"{{context.Connection.ClientCertificate?.Subject}}"}""");

    private static ConnectionSettings Named(ConnectionSettings settings, string name)
    {
        settings.Configuration.TlsServerName = name;
        return settings;
    }

    private static async Task<string> VersionAsync(ApiServerConnection connection) =>
        (await new KubernetesClient(connection, Given.Registry, Options).GetVersionAsync(default)).GitVersion;

    private async Task<bool> ReachAsync(FakeApiServer server, Func<ConnectionSettings, ConnectionSettings> change)
    {
        using var connection = Connect(server, change);
        return await ReachAsync(connection);
    }

    private ApiServerConnection Connect(FakeApiServer server, Func<ConnectionSettings, ConnectionSettings> change)
    {
        var source = new ConnectionSource(
            server.Address,
            () => change(new ConnectionSettings(new KubernetesClientConfiguration { Host = server.Address.ToString() }, certificates.Authorities, ClientCertificate: null)));
        return new ApiServerConnection(source, Options, _meters.Metrics(), TimeProvider.System);
    }

    private static async Task<bool> ReachAsync(ApiServerConnection connection)
    {
        try
        {
            await VersionAsync(connection);
            return true;
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return false;
        }
    }
}
