using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Api;
using Wayleave.Hosting;
using Wayleave.Mapper.Page;
using Wayleave.Mapper.Tests.Ingestion;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Mapper.Tests.Page;

/// <summary>The port of the page as the program opens it: Kestrel on a free port, over TLS.</summary>
internal sealed class PageStage : IAsyncDisposable
{
    public const string Token = "token-of-anna";
    public const string User = "anna";

    private readonly TestCertificates _certificates = new();
    private readonly WebApplication _application;
    private readonly HttpClient _client;

    private PageStage()
    {
        Api.Allow(Token, User);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, kestrel.ApplicationServices.GetRequiredService<PagePort>().Secure));
        builder.Services
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(IngestionStage.Options)
            .AddSingleton<IServingCertificate>(new FixedCertificate(_certificates.Server))
            .AddLogging();
        PagePort.Add(builder.Services, _ => Api);
        _application = builder.Build();
        _application.Run(context => context.RequestServices.GetRequiredService<PagePort>().AnswerAsync(context));
        _client = Connect();
    }

    public FakeMapApi Api { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public static async Task<PageStage> StartAsync()
    {
        var stage = new PageStage();
        await stage._application.StartAsync();
        return stage;
    }

    /// <summary>Lets the person of the token see everything.</summary>
    public void GrantAll() => Api.Grant(User, null, "observedintents", "clientintents");

    public Task<PageAnswer> GetAsync(string path = "/map", string? token = Token) => SendAsync(HttpMethod.Get, path, token);

    public async Task<PageAnswer> SendAsync(HttpMethod method, string path = "/map", string? token = Token, CancellationToken cancellationToken = default)
    {
        var address = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var request = new HttpRequestMessage(method, new Uri(new Uri(address), path));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request, cancellationToken);
        return new PageAnswer(
            (int)response.StatusCode,
            await response.Content.ReadAsByteArrayAsync(cancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(
                header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public static ObservedIntents Observed(string @namespace, string client, params IReadOnlyList<ObservedCall> calls) => new()
    {
        Metadata = new V1ObjectMeta { Name = $"deployment-{client}", NamespaceProperty = @namespace },
        Workload = new ObservedWorkload { Name = client, Kind = WorkloadKindNames.Deployment },
        Since = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Calls = [.. calls],
    };

    public static ObservedCall Call(string server, string outcome = ObservedOutcomes.Connected) => new()
    {
        Target = new IntentTarget { Kubernetes = new KubernetesTarget { Name = server, Kind = WorkloadKindNames.Deployment } },
        Sources = [ObservedSources.Tcp],
        Outcome = outcome,
        Connections = "10+",
        First = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Last = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc),
    };

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
        _certificates.Dispose();
    }

    private HttpClient Connect()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_certificates.Authorities);
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }

    private sealed class FixedCertificate(X509Certificate2 certificate) : IServingCertificate
    {
        public X509Certificate2 Get() => certificate;
    }
}

/// <summary>What the port answered.</summary>
internal sealed record PageAnswer(int Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
