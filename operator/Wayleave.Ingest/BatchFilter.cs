using Google.Protobuf;
using Google.Protobuf.Collections;
using Wayleave.Ingest.V1;

namespace Wayleave.Ingest;

/// <summary>Removes what is wrong from the lists of one batch: first from the endpoints, then from what refers to them.</summary>
/// <param name="latest">The latest time that is accepted, in milliseconds since 1970.</param>
internal sealed class BatchFilter(string node, IPodDirectory pods, ulong latest)
{
    private const int MaxPort = 65535;

    // By ID: null for an endpoint that is kept, otherwise why it was removed.
    private readonly Dictionary<uint, string?> _endpoints = [];
    private readonly Dictionary<string, int> _dropped = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Dropped => _dropped;

    public IReadOnlyList<Endpoint> Keep(RepeatedField<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            _endpoints[endpoint.Id] = _endpoints.ContainsKey(endpoint.Id) ? DropReasons.DuplicateId : FindReason(endpoint);
        }

        return Keep(endpoints, endpoint => _endpoints[endpoint.Id]);
    }

    public IReadOnlyList<Flow> Keep(RepeatedField<Flow> flows) => Keep(flows, flow => FindClientReason(flow.Client) ?? FindReason(flow));

    public IReadOnlyList<Answer> Keep(RepeatedField<Answer> answers) =>
        Keep(answers, answer => FindClientReason(answer.Client) ?? FindReason(answer));

    private List<T> Keep<T>(RepeatedField<T> items, Func<T, string?> findReason)
    {
        var kept = new List<T>(items.Count);
        foreach (var item in items)
        {
            if (findReason(item) is { } reason)
            {
                _dropped[reason] = _dropped.GetValueOrDefault(reason) + 1;
            }
            else
            {
                kept.Add(item);
            }
        }

        return kept;
    }

    private string? FindClientReason(uint client) => _endpoints.TryGetValue(client, out var reason) ? reason : DropReasons.UnknownClient;

    private string? FindReason(Endpoint endpoint)
    {
        if (endpoint is { HostNetwork: false, PodUid.IsEmpty: true, Addresses.Count: 0 })
        {
            return DropReasons.Unidentified;
        }

        return FindReason(endpoint.Addresses, BatchLimits.EndpointAddresses)
            ?? FindReason(endpoint.FirstMs, endpoint.LastMs)
            ?? FindPodReason(endpoint.PodUid);
    }

    private string? FindPodReason(ByteString uid)
    {
        if (uid.IsEmpty)
        {
            return null;
        }

        if (PodUids.Read(uid) is not { } pod)
        {
            return DropReasons.InvalidPodUid;
        }

        // A Pod that is not known may be new. Its endpoint is kept: see AcceptedBatch.
        return pods.FindNode(pod) is { } known && known != node ? DropReasons.OtherNode : null;
    }

    private string? FindReason(Flow flow)
    {
        if (!IsAddress(flow.CalledAddress) || !(flow.BackendAddress.IsEmpty || IsAddress(flow.BackendAddress)))
        {
            return DropReasons.InvalidAddress;
        }

        if (!IsPort(flow.CalledPort) || !(flow.BackendAddress.IsEmpty ? flow.BackendPort == 0 : IsPort(flow.BackendPort)))
        {
            return DropReasons.InvalidPort;
        }

        return flow is { Protocol: Protocol.Tcp, Source: Source.Tcp or Source.SocketScan }
            ? FindReason(flow.FirstMs, flow.LastMs)
            : DropReasons.UnknownValue;
    }

    private string? FindReason(Answer answer) => TextFormats.IsHostName(answer.Name)
        ? FindReason(answer.Addresses, BatchLimits.AnswerAddresses) ?? FindReason(answer.LastMs, answer.LastMs)
        : DropReasons.InvalidName;

    // What a sensor remembers can be old: how old the first time may be is not limited.
    private string? FindReason(ulong first, ulong last) => first > 0 && first <= last && last <= latest ? null : DropReasons.InvalidTime;

    private static string? FindReason(RepeatedField<ByteString> addresses, int limit) =>
        addresses.Count > limit ? DropReasons.TooManyAddresses
        : addresses.All(IsAddress) ? null
        : DropReasons.InvalidAddress;

    private static bool IsAddress(ByteString address) => address.Length is 4 or 16;

    private static bool IsPort(uint port) => port is > 0 and <= MaxPort;
}
