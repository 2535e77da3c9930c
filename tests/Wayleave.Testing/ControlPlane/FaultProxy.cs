using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wayleave.Testing.Kubernetes;
using Yarp.ReverseProxy.Forwarder;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// A proxy of an API server that answers some requests itself, late, or with a truncated answer. It uses HTTP/2 on both sides and terminates TLS,
/// so a client has to authenticate with a token. Thread-safe.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Forwarding = new() { ActivityTimeout = TimeSpan.FromHours(1), Version = HttpVersion.Version20 };

    private readonly TestCertificates _certificates = new();
    private readonly ConcurrentDictionary<CancellationTokenSource, byte> _watches = new();
    private readonly string _target;
    private readonly HttpMessageInvoker _client;
    private readonly WebApplication _server;
    private volatile Func<HttpContext, ApiFault?> _faults = _ => null;

    private FaultProxy(Uri target, X509Certificate2 authority)
    {
        _target = target.GetLeftPart(UriPartial.Authority);
        _client = new HttpMessageInvoker(Connections(authority));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificates.Server)));
        builder.Services.AddHttpForwarder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>The address for clients.</summary>
    public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The authority that clients must trust, in PEM form.</summary>
    public string Authority => _certificates.Authority.ExportCertificatePem();

    /// <summary>Starts a proxy without faults, and returns when the port is open.</summary>
    public static async Task<FaultProxy> StartAsync(Uri target, X509Certificate2 authority, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var proxy = new FaultProxy(target, authority);
        await proxy._server.StartAsync(cancellationToken);
        return proxy;
    }

    /// <summary>Sets the function that selects the fault of each later request. Null for none.</summary>
    public void Set(Func<HttpContext, ApiFault?> faults) => _faults = faults;

    /// <summary>Cuts every open watch.</summary>
    /// <returns>The number of watches.</returns>
    public int CutWatches()
    {
        var cut = _watches.Keys.ToList();
        cut.ForEach(Cut);
        return cut.Count;
    }

    public async ValueTask DisposeAsync()
    {
        CutWatches();
        await _server.DisposeAsync();
        _client.Dispose();
        _certificates.Dispose();
    }

    private static SocketsHttpHandler Connections(X509Certificate2 authority) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { authority },
            },
        },
    };

    private async Task AnswerAsync(HttpContext context)
    {
        var fault = _faults(context);
        if (fault is null)
        {
            await ForwardAsync(context);
        }
        else
        {
            await fault.AnswerAsync(context, ForwardAsync);
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var cut = new CancellationTokenSource();
        if (context.Request.Query["watch"] == "true")
        {
            _watches[cut] = 0;
        }

        try
        {
            await context.RequestServices.GetRequiredService<IHttpForwarder>()
                .SendAsync(context, _target, _client, Forwarding, HttpTransformer.Default, cut.Token);
        }
        finally
        {
            _watches.TryRemove(cut, out _);
        }
    }

    private static void Cut(CancellationTokenSource watch)
    {
        try
        {
            watch.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The watch has just ended by itself.
        }
    }
}
