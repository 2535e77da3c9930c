using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Wayleave.Testing.Otlp;

/// <summary>
/// A real OTLP/HTTP receiver on a free port, by default of 127.0.0.1. It records every request, decoded and raw, and counts connections, so that
/// a test can verify that there was no attempt. The answer can be set for each coming request. Thread-safe.
/// </summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentQueue<OtlpRequest> _requests = new();
    private readonly ConcurrentQueue<OtlpAnswer> _answers = new();
    private readonly WebApplication _server;
    private volatile OtlpAnswer _otherwise = OtlpAnswer.Accept;
    private int _connections;

    private OtlpCollector(X509Certificate2? certificate, IPAddress address)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(address, 0, listen => Prepare(listen, certificate)));
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Run(ReceiveAsync);
    }

    /// <summary>The base address, to which a client adds <c>/v1/logs</c> or <c>/v1/traces</c>.</summary>
    public Uri Endpoint { get; private set; } = new("about:blank");

    /// <summary>The number of TCP connections, used or not.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Every request, in the order of arrival.</summary>
    public IReadOnlyList<OtlpRequest> Requests => [.. _requests];

    /// <summary>The records of the accepted requests, in the order of arrival. A record that was sent twice appears twice.</summary>
    public IReadOnlyList<OtlpRecord> Records => [.. _requests.Where(request => request.IsAccepted).SelectMany(request => request.Records)];

    /// <summary>The spans of the accepted requests, in the order of arrival.</summary>
    public IReadOnlyList<OtlpSpan> Spans => [.. _requests.Where(request => request.IsAccepted).SelectMany(request => request.Spans)];

    /// <summary>The answer when <see cref="AnswerNext"/> has none left.</summary>
    public OtlpAnswer Otherwise
    {
        get => _otherwise;
        set => _otherwise = value;
    }

    /// <param name="certificate">A certificate with its key, for TLS. Null for plain HTTP.</param>
    /// <param name="address">The address to listen on. Null for 127.0.0.1.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<OtlpCollector> StartAsync(
        X509Certificate2? certificate = null, IPAddress? address = null, CancellationToken cancellationToken = default)
    {
        var collector = new OtlpCollector(certificate, address ?? IPAddress.Loopback);
        await collector._server.StartAsync(cancellationToken);
        var addresses = collector._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        collector.Endpoint = new Uri(addresses!.Addresses.Single());
        return collector;
    }

    /// <summary>Sets the answers to the next requests, one for each.</summary>
    public void AnswerNext(params IReadOnlyList<OtlpAnswer> answers)
    {
        foreach (var answer in answers)
        {
            _answers.Enqueue(answer);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="deadline">The timeout.</param>
    /// <param name="what">Describes the condition in the message of the exception.</param>
    /// <exception cref="TimeoutException">The condition did not hold in time.</exception>
    public async Task WaitForAsync(Func<OtlpCollector, bool> condition, TimeSpan deadline, string what)
    {
        using var late = new CancellationTokenSource(deadline);
        while (!condition(this))
        {
            if (late.IsCancellationRequested)
            {
                var seen = string.Join(", ", Records.Select(record => record.EventType));
                throw new TimeoutException(
                    $"Waited {deadline} for {what}. There were {Connections} connections, {_requests.Count} requests, "
                    + $"and the records [{seen}].");
            }

            await Task.Delay(PollInterval, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Prepare(ListenOptions options, X509Certificate2? certificate)
    {
        options.Use(next => connection =>
        {
            Interlocked.Increment(ref _connections);
            return next(connection);
        });
        if (certificate is not null)
        {
            options.UseHttps(certificate);
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var request = await OtlpRequestReader.ReadAsync(context.Request, context.RequestAborted);
        var answer = _answers.TryDequeue(out var next) ? next : _otherwise;
        request.IsAccepted = answer.Accepts;
        _requests.Enqueue(request);
        await answer.WriteAsync(context);
    }
}
