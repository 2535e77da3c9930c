using System.Net;
using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>A client and its server, with TLS and HTTP/2 between them.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private TestApi(FakeApiServer server) => Server = server;

    public FakeApiServer Server { get; }

    public FakeMeters Meters { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public ApiServerConnection Connection { get; private set; } = null!;

    public KubernetesClient Client { get; private set; } = null!;

    /// <summary>The only request that was made.</summary>
    public FakeApiRequest Request => Server.Requests.ShouldHaveSingleItem();

    public static async Task<TestApi> StartAsync(TestCertificates certificates, RequestDelegate answer, TestApiOptions? options = null)
    {
        options ??= new TestApiOptions();
        var server = await FakeApiServer.StartAsync(answer, certificates, IPAddress.Loopback, options.WantClientCertificate);
        var source = options.Source(new Uri(server.Address, options.BasePath), certificates);
        var api = new TestApi(server);
        var client = options.Client with { Time = api.Time };
        api.Connection = new ApiServerConnection(source, client, api.Meters.Metrics(), api.Time, options.MayWrite);
        api.Client = new KubernetesClient(api.Connection, Given.Registry, client);
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        await Server.DisposeAsync();
        Meters.Dispose();
    }
}
