using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Hosting;
using Wayleave.Ingest;
using Wayleave.Ingest.V1;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Mapper.Configuration;
using Wayleave.Mapper.Hosting;
using Wayleave.Mapper.Observing;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>The mapper in this process, with a sensor of one node.</summary>
internal sealed class RunningMapper : IAsyncDisposable
{
    public const string Node = "node-of-mapper-tests";

    private readonly WebApplication _application;
    private readonly ByteString _instance = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
    private ulong _sequence;
    private bool _isDisposed;

    private RunningMapper(WebApplication application) => _application = application;

    public int CallCount => _application.Services.GetRequiredService<MapState>().CallCount;

    /// <summary>The port of the page, which is the last of four.</summary>
    public int PagePort =>
        new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(3)).Port;

    public string? NotReadyReason => _application.Services.GetRequiredService<HealthState>().GetNotReadyReason();

    public static async Task<RunningMapper> StartAsync(string kubeconfig, IReadOnlyList<string> flags)
    {
        var given = flags.Append("--port=0").Append("--metrics-port=0").Append("--probe-port=0").Append("--log-level=Warning")
            .Select(flag => flag[2..].Split('='))
            .ToDictionary(flag => flag[0], flag => flag.ElementAtOrDefault(1) ?? "true", StringComparer.Ordinal);
        var options = MapperOptions.Read(given, new Dictionary<string, string>(StringComparer.Ordinal));
        var mapper = new RunningMapper(MapperHost.Build(options, KubeConfigFile.Read(kubeconfig)));
        await mapper._application.StartAsync();
        return mapper;
    }

    public Task UntilReadyAsync() => Poll.UntilAsync("the mapper to be ready", _ => Task.FromResult(NotReadyReason is null), Poll.Patience, default);

    public Task UntilKnownAsync(Guid pod) => Poll.UntilAsync(
        "the mapper to know the Pod",
        _ => Task.FromResult(_application.Services.GetRequiredService<IPodDirectory>().FindNode(pod) == Node),
        Poll.Patience,
        default);

    /// <summary>Waits until the mapper knows a Service by its address.</summary>
    public Task UntilServiceKnownAsync(string address) => Poll.UntilAsync(
        "the mapper to know the Service",
        _ =>
        {
            var isKnown = false;
            _application.Services.GetRequiredService<MapState>().UpdateCluster(
                (cluster, now) => isKnown = cluster.Services.HasAddress(IPAddress.Parse(address), now));
            return Task.FromResult(isKnown);
        },
        Poll.Patience,
        default);

    /// <summary>Reports a connection of a Pod that was opened now.</summary>
    public void Send(Guid pod, (string Called, uint Port, string Backend, uint BackendPort) flow) => Send(pod, DateTime.UtcNow, flow);

    /// <summary>Reports a connection of a Pod.</summary>
    public void Send(Guid pod, DateTime at, (string Called, uint Port, string Backend, uint BackendPort) flow)
    {
        var milliseconds = (ulong)new DateTimeOffset(at).ToUnixTimeMilliseconds();
        var batch = new Batch { Schema = 1, Instance = _instance, Sequence = ++_sequence };
        batch.Endpoints.Add(new Endpoint { Id = 1, PodUid = ByteString.CopyFrom(pod.ToByteArray(bigEndian: true)) });
        batch.Flows.Add(new Flow
        {
            Client = 1,
            CalledAddress = Bytes(flow.Called),
            CalledPort = flow.Port,
            BackendAddress = Bytes(flow.Backend),
            BackendPort = flow.BackendPort,
            Protocol = Protocol.Tcp,
            Source = Source.Tcp,
            Connected = 1,
            FirstMs = milliseconds,
            LastMs = milliseconds,
        });
        Handle(batch);
    }

    /// <summary>Reports an answer of DNS that a Pod just got.</summary>
    public void SendAnswer(Guid pod, string name, params string[] addresses)
    {
        var batch = new Batch { Schema = 1, Instance = _instance, Sequence = ++_sequence };
        batch.Endpoints.Add(new Endpoint { Id = 1, PodUid = ByteString.CopyFrom(pod.ToByteArray(bigEndian: true)) });
        var answer = new Answer { Client = 1, Name = name, Ttl = 60, LastMs = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };
        answer.Addresses.AddRange(addresses.Select(Bytes));
        batch.Answers.Add(answer);
        Handle(batch);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await _application.StopAsync();
            await _application.DisposeAsync();
        }
    }

    private void Handle(Batch batch)
    {
        var handler = _application.Services.GetRequiredService<IBatchHandler>();
        if (handler.Term is not { } term || !handler.TryHandle(new AcceptedBatch(Node, batch), term))
        {
            throw new InvalidOperationException("the mapper takes no batches");
        }
    }

    private static ByteString Bytes(string address) => ByteString.CopyFrom(IPAddress.Parse(address).GetAddressBytes());
}
