using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;
using Wayleave.Ingest.V1;
using Wayleave.Testing.Mapping;

namespace Wayleave.Benchmarks.Mapping;

/// <summary>Sends what the sensor of a node would send: each of its Pods calls four others, and one of them a new port.</summary>
/// <param name="pods">All Pods.</param>
/// <param name="first">The first Pod of the node.</param>
/// <param name="count">The number of Pods of the node.</param>
/// <param name="token">Its token.</param>
/// <param name="connection">Its connection.</param>
internal sealed class SimulatedSensor(FleetPod[] pods, int first, int count, string token, BatchConnection connection) : IDisposable
{
    public const int Targets = 4;
    private const int FirstPort = 8000;

    private readonly byte[] _instance = RandomNumberGenerator.GetBytes(16);
    private ulong _sequence;

    /// <summary>Sends the next batch.</summary>
    /// <param name="news">Whether a Pod calls a port that it has not called before.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The status of the answer.</returns>
    public async Task<HttpStatusCode> SendAsync(bool news, CancellationToken cancellationToken)
    {
        using var answer = await connection.SendAsync(Compress(Build(news)), token, cancellationToken);
        return answer.StatusCode;
    }

    public void Dispose() => connection.Dispose();

    private static byte[] Compress(Batch batch)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            batch.WriteTo(gzip);
        }

        return buffer.ToArray();
    }

    private Batch Build(bool news)
    {
        var now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var batch = new Batch
        {
            Schema = 1,
            Component = Component.Sensor,
            Version = "0.1.0",
            Instance = ByteString.CopyFrom(_instance),
            Sequence = ++_sequence,
            FromMs = now - 1000,
            ToMs = now,
        };
        for (var pod = 0; pod < count; pod++)
        {
            var (id, index) = ((uint)pod + 1, first + pod);
            batch.Endpoints.Add(new Endpoint
            {
                Id = id,
                PodUid = ByteString.CopyFrom(pods[index].Uid.ToByteArray(bigEndian: true)),
                FirstMs = now - 1000,
                LastMs = now,
                Addresses = { ByteString.CopyFrom(pods[index].Address) },
            });
            for (var target = 1; target <= Targets; target++)
            {
                batch.Flows.Add(FlowTo(id, pods[(index + target) % pods.Length], FirstPort, now));
            }
        }

        if (news)
        {
            var caller = (int)(_sequence % (ulong)count);
            batch.Flows.Add(FlowTo((uint)caller + 1, pods[(first + caller + 1) % pods.Length], FirstPort + 1 + (int)(_sequence / (ulong)count % 15), now));
        }

        return batch;
    }

    private static Flow FlowTo(uint client, FleetPod server, int port, ulong now)
    {
        var address = ByteString.CopyFrom(server.Address);
        return new Flow
        {
            Client = client,
            CalledAddress = address,
            CalledPort = (uint)port,
            BackendAddress = address,
            BackendPort = (uint)port,
            Protocol = Protocol.Tcp,
            Source = Source.Tcp,
            Connected = 1,
            FirstMs = now - 500,
            LastMs = now - 500,
        };
    }
}
