using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Wayleave.Testing.Kubernetes;

/// <summary>
/// A real TLS server on a free loopback port that answers as a test specifies, and records the requests. Disposing it closes its connections.
/// </summary>
public sealed class FakeApiServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<FakeApiRequest> _requests = new();
    private readonly CancellationTokenSource _end = new();
    private readonly WebApplication _app;
    private int _disposed;

    private FakeApiServer(RequestDelegate answer, TestCertificates certificates, IPAddress address, bool wantClientCertificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(address, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificates.Server;
                https.ClientCertificateMode = wantClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => certificate.Thumbprint == certificates.Client.Thumbprint;
            });
        }));
        _app = builder.Build();
        _app.Run(context => AnswerAsync(context, answer));
    }

    /// <summary>The address, with a trailing slash.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The requests in the order in which their bodies were complete.</summary>
    public IReadOnlyList<FakeApiRequest> Requests => [.. _requests];

    /// <summary>Starts a server. The token of a request is canceled when the client disconnects or the server is disposed.</summary>
    public static async Task<FakeApiServer> StartAsync(
        RequestDelegate answer, TestCertificates certificates, IPAddress? address = null, bool wantClientCertificate = false)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(certificates);
        var server = new FakeApiServer(answer, certificates, address ?? IPAddress.Loopback, wantClientCertificate);
        await server._app.StartAsync();
        var bound = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Address = new Uri(bound.TrimEnd('/') + "/");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _end.CancelAsync();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _end.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _requests.Enqueue(new FakeApiRequest(
            request.Method, request.Path.Value ?? "", request.QueryString.Value ?? "", request.Protocol, headers, body));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _end.Token);
        context.RequestAborted = either.Token;
        try
        {
            await answer(context);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            context.Abort();
        }
    }
}
