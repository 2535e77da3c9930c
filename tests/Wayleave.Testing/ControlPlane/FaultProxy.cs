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
/// Stands before an API server and answers some requests in its stead, late, or with half of what it said. It speaks HTTP/2 on both sides and
/// ends TLS, so a client comes with a token. Members may be called from any thread.
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

    /// <summary>Where clients connect.</summary>
    public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The authority that clients must trust, in PEM form.</summary>
    public string Authority => _certificates.Authority.ExportCertificatePem();

    /// <summary>Returns with the port open. Nothing is at fault then.</summary>
    public static async Task<FaultProxy> StartAsync(Uri target, X509Certificate2 authority, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var proxy = new FaultProxy(target, authority);
        await proxy._server.StartAsync(cancellationToken);
        return proxy;
    }

    /// <summary>Asks for each request from now on what is to go wrong with it; null is nothing.</summary>
    public void Set(Func<HttpContext, ApiFault?> faults) => _faults = faults;

    /// <summary>Ends every watch that goes on, in the middle of whatever it says.</summary>
    /// <returns>How many.</returns>
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
            // It has just ended by itself.
        }
    }
}
