using System.IO.Compression;
using Google.Protobuf;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;

namespace Wayleave.Sensor.Reporting;

/// <summary>Makes batches of what the mapper does not know. Used by one thread at a time.</summary>
internal sealed class BatchBuilder(FlowTable flows, NameTable names, Func<Losses> takeLosses, string version, TimeProvider time)
{
    /// <summary>The most flows of a batch. The others follow in the next one.</summary>
    public const int MaxFlows = 2_000;

    /// <summary>The most names of a batch.</summary>
    public const int MaxNames = 1_000;

    private const uint Schema = 1;

    // The mapper can ask for what it lacks only when it gets a batch.
    private static readonly TimeSpan _maxSilence = TimeSpan.FromMinutes(1);

    private readonly ByteString _instance = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
    private ulong _sequence;
    private long _fromMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private long? _builtAt;

    /// <summary>Whether there is a name or an address that the mapper should know soon.</summary>
    public bool HasNewNames => names.HasNew;

    /// <summary>Makes a batch and marks its content as reported.</summary>
    /// <returns>Null if there is nothing to report.</returns>
    public BuiltBatch? Build()
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = new Batch
        {
            Schema = Schema,
            Component = Component.Sensor,
            Version = version,
            Instance = _instance,
            Sequence = _sequence + 1,
            FromMs = (ulong)_fromMs,
            ToMs = (ulong)nowMs,
        };
        var endpoints = new EndpointList(batch);
        var hasMore = flows.Collect(nowMs, MaxFlows, (key, state) => batch.Flows.Add(Convert(key, state, endpoints)));
        hasMore |= names.Collect(nowMs, MaxNames, (key, state) => batch.Answers.Add(Convert(key, state, endpoints)));
        AddLosses(batch);
        if (batch.Flows.Count == 0 && batch.Answers.Count == 0 && batch.Losses is null
            && _builtAt is { } builtAt && time.GetElapsedTime(builtAt) < _maxSilence)
        {
            return null;
        }

        _sequence++;
        _fromMs = nowMs;
        _builtAt = time.GetTimestamp();
        return new BuiltBatch(batch.Sequence, Compress(batch), hasMore);
    }

    private static Flow Convert(in FlowKey key, FlowTable.FlowState state, EndpointList endpoints)
    {
        // Repeated without a call since: the mapper still has to know how it ended.
        var repeated = state.HasCalls ? Outcome.None : state.Outcome;
        return new Flow
        {
            Client = endpoints.GetId(key.Caller),
            CalledAddress = key.Called.Address.ToByteString(),
            CalledPort = key.Called.Port,
            BackendAddress = key.Backend.Address.IsEmpty ? ByteString.Empty : key.Backend.Address.ToByteString(),
            BackendPort = key.Backend.Port,
            Protocol = Protocol.Tcp,
            Source = key.Source,
            Connected = (uint)state.Connected + (repeated == Outcome.Connected ? 1u : 0),
            Refused = (uint)state.Refused + (repeated == Outcome.Refused ? 1u : 0),
            Unanswered = (uint)state.Unanswered + (repeated == Outcome.Unanswered ? 1u : 0),
            FirstMs = (ulong)state.FirstMs,
            LastMs = (ulong)state.LastMs,
        };
    }

    private static Answer Convert(NameKey key, NameTable.NameState state, EndpointList endpoints)
    {
        var answer = new Answer { Client = endpoints.GetId(key.Caller), Name = key.Name, Ttl = state.Ttl, LastMs = (ulong)state.LastMs };
        foreach (var address in state.Addresses)
        {
            answer.Addresses.Add(address.ToByteString());
        }

        return answer;
    }

    private static byte[] Compress(Batch batch)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            batch.WriteTo(gzip);
        }

        return memory.ToArray();
    }

    // What was lost is told even if the batch in which it was found had nothing else to say.
    private void AddLosses(Batch batch)
    {
        var found = takeLosses();
        found.Merged += (ulong)(flows.TakeMerged() + names.TakeMerged());
        if (found.KernelDrops + found.Merged + found.Unparsed > 0)
        {
            batch.Losses = found;
        }
    }

    private sealed class EndpointList(Batch batch)
    {
        private readonly Dictionary<Caller, uint> _ids = [];

        public uint GetId(Caller caller)
        {
            if (!_ids.TryGetValue(caller, out var id))
            {
                id = (uint)_ids.Count + 1;
                _ids.Add(caller, id);
                batch.Endpoints.Add(Convert(caller, id));
            }

            return id;
        }

        private static Endpoint Convert(Caller caller, uint id)
        {
            var endpoint = new Endpoint
            {
                Id = id,
                PodUid = caller.PodUid is { } uid ? ByteString.CopyFrom(uid.ToByteArray(bigEndian: true)) : ByteString.Empty,
                HostNetwork = caller.IsHostNetwork,
                FirstMs = (ulong)caller.FirstMs,
                LastMs = (ulong)caller.LastMs,
            };
            foreach (var address in caller.Addresses)
            {
                endpoint.Addresses.Add(address.ToByteString());
            }

            return endpoint;
        }
    }
}

/// <param name="Body">Compressed.</param>
/// <param name="HasMore">Whether another one can be built at once.</param>
internal sealed record BuiltBatch(ulong Sequence, byte[] Body, bool HasMore);
