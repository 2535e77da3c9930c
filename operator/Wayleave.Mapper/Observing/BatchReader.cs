using System.Collections.Immutable;
using System.Net;
using Google.Protobuf;
using Wayleave.Api;
using Wayleave.Ingest;
using Wayleave.Ingest.V1;
using Wayleave.Mapper.Caching;
using Wayleave.Observation.Resolution;

namespace Wayleave.Mapper.Observing;

/// <summary>Reads batches. The batch was checked; what cannot be read all the same is left out.</summary>
internal static class BatchReader
{
    // The year 2100: no arithmetic on a time must overflow.
    private const ulong MaxMilliseconds = 4_102_444_800_000;
    private const uint MaxTimeToLive = 86_400;
    private const int UuidLength = 16;

    public static ObservedBatch Read(AcceptedBatch batch)
    {
        var content = batch.Content;
        var clients = new Dictionary<uint, ObservedClient>();
        foreach (var endpoint in content.Endpoints)
        {
            clients[endpoint.Id] = ReadClient(endpoint);
        }

        return new ObservedBatch(
            Convert.ToHexStringLower(content.Instance.Span),
            content.Sequence,
            batch.Node,
            [.. content.Flows.Select(flow => ReadFlow(flow, clients)).OfType<ObservedFlow>()],
            [.. content.Answers.Select(answer => ReadAnswer(answer, clients)).OfType<ObservedAnswer>()]);
    }

    private static ObservedClient ReadClient(Ingest.V1.Endpoint endpoint) => new(
        endpoint.PodUid.Length == UuidLength ? new Guid(endpoint.PodUid.Span, bigEndian: true) : null,
        ReadAddresses(endpoint.Addresses),
        endpoint.HostNetwork);

    private static ObservedFlow? ReadFlow(Flow flow, Dictionary<uint, ObservedClient> clients)
    {
        var source = flow.Source switch
        {
            Source.Tcp => ObservedSources.Tcp,
            Source.SocketScan => ObservedSources.SocketScan,
            _ => null,
        };
        return source is not null
            && clients.TryGetValue(flow.Client, out var client)
            && ReadAddress(flow.CalledAddress) is { } called
            && ReadPort(flow.CalledPort) is { } port
                ? new ObservedFlow
                {
                    Client = client,
                    CalledAddress = called,
                    CalledPort = port,
                    BackendAddress = ReadPort(flow.BackendPort) is null ? null : ReadAddress(flow.BackendAddress),
                    BackendPort = ReadPort(flow.BackendPort) ?? 0,
                    Source = source,
                    Connected = flow.Connected,
                    Refused = flow.Refused,
                    Unanswered = flow.Unanswered,
                    First = ReadTime(Math.Min(flow.FirstMs, flow.LastMs)),
                    Last = ReadTime(flow.LastMs),
                }
                : null;
    }

    private static ObservedAnswer? ReadAnswer(Answer answer, Dictionary<uint, ObservedClient> clients) =>
        clients.TryGetValue(answer.Client, out var client)
            ? new ObservedAnswer(
                client,
                answer.Name,
                ReadAddresses(answer.Addresses),
                TimeSpan.FromSeconds(Math.Min(answer.Ttl, MaxTimeToLive)),
                ReadTime(answer.LastMs))
            : null;

    private static ImmutableArray<IPAddress> ReadAddresses(IEnumerable<ByteString> addresses) =>
        [.. addresses.Select(ReadAddress).OfType<IPAddress>()];

    private static IPAddress? ReadAddress(ByteString bytes) =>
        bytes.Length is 4 or 16 ? FactsReader.Normalize(new IPAddress(bytes.Span)) : null;

    private static int? ReadPort(uint port) => port is > 0 and <= 65535 ? (int)port : null;

    private static DateTimeOffset ReadTime(ulong milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Min(milliseconds, MaxMilliseconds));
}
