using System.Net;
using k8s;
using k8s.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>
/// Compares the connections that the policies allow with those that the declarations allow: for every Pod that either restricts, every peer,
/// and every port, in each direction.
/// </summary>
public sealed class Comparison(Judgement declared, Tally tally)
{
    private const int MostShown = 6;

    private static readonly Door[] _doors =
    [
        Door.Tcp(8080), Door.Tcp(9090), Door.Tcp(9100), Door.Tcp(80), Door.Tcp(53), Door.Tcp(5353), Door.Tcp(9005), Door.Udp(53), Door.Udp(5353),
        Door.Udp(8080), Door.Udp(9005), Door.Sctp(9090),
    ];

    private static readonly Door[] _outerDoors = [Door.Tcp(443), Door.Tcp(53), Door.Tcp(9005), Door.Udp(53), Door.Udp(443)];

    private static readonly IPAddress[] _addresses =
        [IPAddress.Parse("203.0.113.9"), IPAddress.Parse("198.51.100.7"), IPAddress.Parse("198.51.100.8"), IPAddress.Parse("2001:db8::7")];

    // Addresses outside the cluster, of a node, and of an unknown Pod.
    private static readonly IPAddress[] _callers =
        [IPAddress.Parse("203.0.113.9"), IPAddress.Parse("2001:db8::7"), IPAddress.Parse("172.16.0.250"), IPAddress.Parse("10.0.1.254")];

    private readonly ClusterView _view = declared.View;
    private readonly List<string> _wrong = [];

    /// <summary>The first few connections that are allowed but should be denied, or the reverse. Null for none.</summary>
    public string? Differences()
    {
        tally.Policies += _view.Policies.Count;
        foreach (var pod in _view.Pods)
        {
            if (declared.IsClosed(pod) || _view.Written.IsIngressIsolated(pod))
            {
                CompareIngress(pod);
            }

            if (declared.IsBound(pod) || _view.Written.IsEgressIsolated(pod))
            {
                CompareEgress(pod);
            }
        }

        return _wrong.Count == 0 ? null : $"{string.Join("; ", _wrong.Take(MostShown))}; {_wrong.Count} in all\n{Text(_view.Policies)}";
    }

    private void CompareIngress(ClusterPod server)
    {
        foreach (var door in _doors)
        {
            foreach (var client in _view.Pods.Where(client => !ReferenceEquals(client, server)))
            {
                Note(declared.Receive(server, client, door), _view.Written.MayReceive(server, client, door), () => $"{server} from {client} at {door}");
            }

            foreach (var address in _callers)
            {
                Note(declared.Receive(server, address, door), _view.Written.MayReceive(server, address, door), () => $"{server} from {address} at {door}");
            }
        }
    }

    private void CompareEgress(ClusterPod client)
    {
        foreach (var server in _view.Pods.Where(server => !ReferenceEquals(client, server)))
        {
            foreach (var door in _doors)
            {
                Note(declared.Send(client, server, door), _view.Written.MaySend(client, server, door), () => $"{client} to {server} at {door}");
            }
        }

        foreach (var address in _addresses)
        {
            foreach (var door in _outerDoors)
            {
                Note(declared.Send(client, address, door), _view.Written.MaySend(client, address, door), () => $"{client} to {address} at {door}");
            }
        }
    }

    private void Note(Expectation should, bool does, Func<string> what)
    {
        tally.Connections++;
        tally.Allowed += should.Must ? 1 : 0;
        tally.Unsettled += should.Must == should.May ? 0 : 1;
        if ((should.Must && !does) || (does && !should.May))
        {
            _wrong.Add($"{what()} is {(does ? "open and should be closed" : "closed and should be open")}");
        }
    }

    private static string Text(IEnumerable<V1NetworkPolicy> policies) => string.Concat(policies.Select(policy =>
        $"    {policy.Metadata.NamespaceProperty}/{policy.Metadata.Name} {KubernetesJson.Serialize(policy.Spec)}\n"));
}
