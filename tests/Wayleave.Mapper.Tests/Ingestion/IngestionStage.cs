using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Ingest;
using Wayleave.Ingest.V1;
using Wayleave.Mapper.Ingestion;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Mapper.Tests.Ingestion;

/// <summary>
/// The port for batches as the program opens it: Kestrel on a free port, with the certificate that the mapper issues to itself. Clients trust
/// what the ConfigMap for sensors says, and nothing else.
/// </summary>
internal sealed class IngestionStage : IAsyncDisposable
{
    public const string Token = "sensor-a";
    public const string Node = "node-a";

    public static readonly Guid SensorPod = new("aaaaaaaa-0000-0000-0000-000000000001");
    public static readonly Guid Cart = new("cccccccc-0000-0000-0000-000000000001");

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;
    private readonly List<IDisposable> _clients = [];

    private IngestionStage(TimeSpan bodyTimeout)
    {
        Pods.Nodes[SensorPod] = Pods.Nodes[Cart] = Node;
        Api.Allow(Token, SensorPod);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPAddress.Loopback, 0, kestrel.ApplicationServices.GetRequiredService<IngestionPort>().Secure);
        });
        builder.Services
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IMeterFactory>(Meters)
            .AddSingleton<IPodDirectory>(Pods)
            .AddSingleton<IBatchHandler>(Batches)
            .AddLogging();
        IngestionServices.Add(builder.Services, Options with { BodyTimeout = bodyTimeout }, _ => Api);
        _application = builder.Build();
        _application.Run(context => context.RequestServices.GetRequiredService<IngestionPort>().AnswerAsync(context));
    }

    public static IngestionOptions Options { get; } = new()
    {
        Namespace = FakeReviewer.Namespace,
        Service = "wayleave-mapper",
        SensorNamespace = FakeReviewer.SensorNamespace,
        SensorAccount = "sensor",
    };

    public FakeReviewer Api { get; } = new();

    public FakePods Pods { get; } = new();

    public AcceptedBatches Batches { get; } = new();

    public FakeMeters Meters { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    /// <summary>How many connections were opened to the port.</summary>
    public int Connections { get; private set; }

    public static async Task<IngestionStage> StartAsync(TimeSpan? bodyTimeout = null)
    {
        var stage = new IngestionStage(bodyTimeout ?? _patience);
        await stage._application.Services.GetRequiredService<CertificateManager>().EnsureAsync(default);
        await stage._application.StartAsync();
        stage.Client = await stage.ConnectAsync();
        return stage;
    }

    public Batch CreateBatch(ulong sequence, byte instance = 1)
    {
        var now = (ulong)Time.GetUtcNow().ToUnixTimeMilliseconds();
        return new Batch
        {
            Schema = 1,
            Component = Component.Sensor,
            Version = "0.1.0",
            Instance = ByteString.CopyFrom([.. Enumerable.Repeat(instance, 16)]),
            Sequence = sequence,
            FromMs = now - 10_000,
            ToMs = now,
            Endpoints = { new Endpoint { Id = 1, Addresses = { ByteString.CopyFrom(10, 1, 0, 5) }, PodUid = PodUids.Write(Cart), FirstMs = now, LastMs = now } },
            Flows =
            {
                new Flow
                {
                    Client = 1,
                    CalledAddress = ByteString.CopyFrom(10, 96, 0, 10),
                    CalledPort = 80,
                    Protocol = Protocol.Tcp,
                    Source = Source.Tcp,
                    Connected = 1,
                    FirstMs = now,
                    LastMs = now,
                },
            },
        };
    }

    /// <summary>Sends a batch a second later than the one before, so that it is not too often.</summary>
    public async Task<IngestionAnswer> SendAsync(Batch batch, string token = Token)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return await PostAsync(Compress(batch.ToByteArray()), token);
    }

    public async Task<IngestionAnswer> PostAsync(
        byte[] body, string? token = Token, Action<HttpRequestMessage>? change = null, string encoding = "gzip")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(IngestionEndpoint.ContentType);
        content.Headers.ContentEncoding.Add(encoding);
        using var request = new HttpRequestMessage(HttpMethod.Post, IngestionEndpoint.Path)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        change?.Invoke(request);
        using var response = await Client.SendAsync(request);
        return await IngestionAnswer.ReadAsync(response);
    }

    public static byte[] Compress(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>A TLS connection to the port, for requests that no HTTP client sends.</summary>
    public async Task<SslStream> OpenAsync()
    {
        var authorities = await ReadAuthoritiesAsync();
        var stream = new SslStream(await ConnectAsync(default));
        await stream.AuthenticateAsClientAsync(CreateTlsOptions(authorities));
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _application.DisposeAsync();
        Meters.Dispose();
    }

    private async Task<HttpClient> ConnectAsync()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => await ConnectAsync(cancellationToken),
            SslOptions = CreateTlsOptions(await ReadAuthoritiesAsync()),
        };
        var client = new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://{Options.DnsNameValidator[0]}"),
            Timeout = _patience,
        };
        _clients.Add(client);
        return client;
    }

    private async Task<NetworkStream> ConnectAsync(CancellationToken cancellationToken)
    {
        var addresses = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Connections++;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(addresses.Addresses.Single()).Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static SslClientAuthenticationOptions CreateTlsOptions(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTimeIgnored = false,
            VerificationTime = new ManualTimeProvider().GetUtcNow().LocalDateTime,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return new SslClientAuthenticationOptions { TargetHost = Options.DnsNameValidator[0], CertificateChainPolicy = policy };
    }

    private async Task<X509Certificate2Collection> ReadAuthoritiesAsync()
    {
        var published = await Api.Cluster.GetAsync<V1ConfigMap>("wayleave-mapper-ca", FakeReviewer.SensorNamespace, default);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(published!.Data["ca.crt"]);
        return authorities;
    }
}

/// <summary>What the port answered.</summary>
/// <param name="Ack">Null for an answer in text.</param>
internal sealed record IngestionAnswer(int Status, Ack? Ack, string Text, TimeSpan? RetryAfter)
{
    public static async Task<IngestionAnswer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        var isAck = response.Content.Headers.ContentType?.MediaType == IngestionEndpoint.ContentType;
        return new IngestionAnswer(
            (int)response.StatusCode,
            isAck ? Ack.Parser.ParseFrom(body) : null,
            isAck ? "" : System.Text.Encoding.UTF8.GetString(body),
            response.Headers.RetryAfter?.Delta);
    }
}
