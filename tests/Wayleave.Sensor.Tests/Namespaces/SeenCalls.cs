using Google.Protobuf;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Tests.Support;

namespace Wayleave.Sensor.Tests.Namespaces;

/// <summary>Calls of one client to one address, as they were reported in all batches.</summary>
internal sealed record SeenCall(Guid? Pod, bool IsHostNetwork, string Called, string? Backend, Source Source)
{
    public uint Connected { get; set; }

    public uint Refused { get; set; }

    public uint Unanswered { get; set; }
}

internal static class SeenCalls
{
    public static IReadOnlyList<SeenCall> GetCalls(this FakeMapper mapper)
    {
        var calls = new Dictionary<(Guid?, bool, string, string?, Source), SeenCall>();
        foreach (var batch in mapper.Batches)
        {
            var endpoints = batch.Endpoints.ToDictionary(endpoint => endpoint.Id);
            foreach (var flow in batch.Flows)
            {
                var client = endpoints[flow.Client];
                var key = (GetUid(client), client.HostNetwork, Format(flow.CalledAddress, flow.CalledPort),
                    flow.BackendAddress.IsEmpty ? null : Format(flow.BackendAddress, flow.BackendPort), flow.Source);
                if (!calls.TryGetValue(key, out var call))
                {
                    calls[key] = call = new SeenCall(key.Item1, key.Item2, key.Item3, key.Item4, key.Source);
                }

                call.Connected += flow.Connected;
                call.Refused += flow.Refused;
                call.Unanswered += flow.Unanswered;
            }
        }

        return [.. calls.Values];
    }

    /// <summary>Names with their addresses, by client.</summary>
    public static ILookup<(Guid? Pod, string Name), string> GetNames(this FakeMapper mapper) => mapper.Batches
        .SelectMany(batch => batch.Answers.Select(answer => (Client: batch.Endpoints.Single(endpoint => endpoint.Id == answer.Client), Answer: answer)))
        .SelectMany(item => item.Answer.Addresses.Select(address => (Key: (GetUid(item.Client), item.Answer.Name), Address: Address.Read(address.Span).ToString())))
        .Distinct()
        .ToLookup(item => item.Key, item => item.Address);

    private static Guid? GetUid(Endpoint endpoint) => endpoint.PodUid.IsEmpty ? null : new Guid(endpoint.PodUid.Span, bigEndian: true);

    private static string Format(ByteString address, uint port) => new Destination(Address.Read(address.Span), (ushort)port).ToString();
}
