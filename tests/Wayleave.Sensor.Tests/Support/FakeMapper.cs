using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Wayleave.Ingest.V1;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Sensor.Tests.Support;

/// <summary>A mapper over TLS on a free port that keeps the batches that it gets.</summary>
internal sealed class FakeMapper : IAsyncDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly WebApplication _app;
    private readonly string _folder = Directory.CreateTempSubdirectory("wayleave-mapper-").FullName;

    private FakeMapper(IPAddress address, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(_certificates.Server);
        }));
        _app = builder.Build();
        _app.Run(AcceptAsync);
        TokenFile = Path.Combine(_folder, "token");
        CaFile = Path.Combine(_folder, "ca.crt");
        File.WriteAllText(TokenFile, "first\n");
        File.WriteAllText(CaFile, _certificates.Authority.ExportCertificatePem());
    }

    public string TokenFile { get; }

    public string CaFile { get; }

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<Batch> Batches { get; } = new();

    /// <summary>Protocol, path, token, and content type of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Answers a request. Defaults to an Ack of the batch.</summary>
    public Func<HttpContext, Batch, Task>? Answer { get; set; }

    public static async Task<FakeMapper> StartAsync(IPAddress? address = null, int port = 0)
    {
        var mapper = new FakeMapper(address ?? IPAddress.Loopback, port);
        await mapper._app.StartAsync();
        mapper.Address = new Uri(mapper._app.Urls.Single());
        return mapper;
    }

    public static Task WriteAsync(HttpContext context, Ack ack, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-protobuf";
        return context.Response.Body.WriteAsync(ack.ToByteArray()).AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync(HttpContext context)
    {
        var request = context.Request;
        Requests.Enqueue($"{request.Protocol} {request.Method} {request.Path} {request.Headers.Authorization} {request.ContentType} {request.Headers.ContentEncoding}");
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(request.Body, CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(body);
        }

        var batch = Batch.Parser.ParseFrom(body.ToArray());
        Batches.Enqueue(batch);
        await (Answer?.Invoke(context, batch) ?? WriteAsync(context, new Ack { Sequence = batch.Sequence }));
    }
}
