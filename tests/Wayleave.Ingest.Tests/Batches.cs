using Google.Protobuf;
using Wayleave.Ingest.V1;

namespace Wayleave.Ingest.Tests;

/// <summary>A sensor's batch for tests, and the node and Pods that it is about.</summary>
internal static class Batches
{
    public const string Node = "node-a";

    public static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    public static readonly Guid Cart = new("0b5b1a4e-5f2a-4f0c-9d55-0a1b2c3d4e5f");

    public static ulong Time(int secondsAgo = 0) => (ulong)Now.AddSeconds(-secondsAgo).ToUnixTimeMilliseconds();

    public static ByteString Address(params byte[] bytes) => ByteString.CopyFrom(bytes);

    public static Batch Create() => new()
    {
        Schema = 1,
        Component = Component.Sensor,
        Version = "1.2.3",
        Instance = ByteString.CopyFrom([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
        Sequence = 7,
        FromMs = Time(secondsAgo: 10),
        ToMs = Time(),
        Endpoints =
        {
            new Endpoint { Id = 1, Addresses = { Address(10, 1, 0, 5) }, PodUid = PodUids.Write(Cart), FirstMs = Time(3600), LastMs = Time() },
            new Endpoint { Id = 2, HostNetwork = true, FirstMs = Time(3600), LastMs = Time() },
            new Endpoint { Id = 3, Addresses = { Address(new byte[16]) }, FirstMs = Time(60), LastMs = Time(30) },
        },
        Flows =
        {
            Flow(client: 1),
            Flow(client: 2),
            new Flow(Flow(client: 3)) { BackendAddress = ByteString.Empty, BackendPort = 0, Source = Source.SocketScan },
        },
        Answers =
        {
            new Answer { Client = 1, Name = "api.example.com", Addresses = { Address(203, 0, 113, 5), Address(new byte[16]) }, Ttl = 60, LastMs = Time() },
            new Answer { Client = 3, Name = "xn--bcher-kva.example", LastMs = Time(5) },
        },
        Losses = new Losses { KernelDrops = 1, Merged = 2, Unparsed = 3 },
    };

    public static Flow Flow(uint client) => new()
    {
        Client = client,
        CalledAddress = Address(10, 96, 0, 10),
        CalledPort = 80,
        BackendAddress = Address(10, 1, 2, 2),
        BackendPort = 8080,
        Protocol = Protocol.Tcp,
        Source = Source.Tcp,
        Connected = 3,
        FirstMs = Time(9),
        LastMs = Time(1),
    };

    public static int Count(Batch batch) => batch.Endpoints.Count + batch.Flows.Count + batch.Answers.Count;
}

/// <summary>The Pods and their nodes.</summary>
internal sealed class KnownPods : IPodDirectory
{
    public Dictionary<Guid, string> Nodes { get; } = new() { [Batches.Cart] = Batches.Node };

    public bool HasSynced => true;

    public string? FindNode(Guid podUid) => Nodes.GetValueOrDefault(podUid);
}
