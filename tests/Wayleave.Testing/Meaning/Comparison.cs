using System.Net;
using System.Text.Json;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Holds what the policies mean against what the declarations say, for every client, server or address outside, and port.</summary>
public sealed class Comparison(ClusterView view, Judgement declared, Tally tally)
{
    private const int MostShown = 6;

    private static readonly Door[] _doors = [Door.Tcp(8080), Door.Tcp(9090), Door.Tcp(9100), Door.Tcp(80), Door.Tcp(53), Door.Udp(53), Door.Udp(8080)];
    private static readonly Door[] _outerDoors = [Door.Tcp(443), Door.Tcp(53), Door.Udp(53), Door.Udp(443)];
    private static readonly IPAddress[] _addresses = [IPAddress.Parse("203.0.113.9"), IPAddress.Parse("198.51.100.7"), IPAddress.Parse("198.51.100.8")];

    private readonly Reachability _written = new(view.Namespaces, view.Policies);
    private readonly List<string> _wrong = [];

    /// <summary>The first few connections that are open and should not be, or the other way round; null when there are none.</summary>
    public string? Differences()
    {
        tally.Policies += view.Policies.Count;
        foreach (var client in view.Pods)
        {
            foreach (var server in view.Pods)
            {
                Compare(client, server);
            }

            CompareOutside(client);
        }

        return _wrong.Count == 0 ? null : $"{string.Join("; ", _wrong.Take(MostShown))}; {_wrong.Count} in all\n{Text(view.Policies)}";
    }

    private void Compare(ClusterPod client, ClusterPod server)
    {
        var isRestricted = declared.IsClosed(server) || declared.IsBound(client);
        foreach (var door in _doors)
        {
            Note(declared.MayReach(client, server, door), _written.MayReach(client, server, door), isRestricted, () => $"{client} to {server} at {door}");
        }
    }

    private void CompareOutside(ClusterPod client)
    {
        var isRestricted = declared.IsBound(client);
        foreach (var address in _addresses)
        {
            foreach (var door in _outerDoors)
            {
                Note(declared.MayReach(client, address, door), _written.MayReach(client, address, door), isRestricted, () => $"{client} to {address} at {door}");
            }
        }
    }

    private void Note(bool should, bool does, bool isRestricted, Func<string> what)
    {
        tally.Triples++;
        tally.Restricted += isRestricted ? 1 : 0;
        tally.Allowed += isRestricted && should ? 1 : 0;
        if (should != does)
        {
            _wrong.Add($"{what()} is {(does ? "open and should be closed" : "closed and should be open")}");
        }
    }

    private static string Text(IEnumerable<V1NetworkPolicy> policies) => string.Concat(policies.Select(policy =>
        $"    {policy.Metadata.NamespaceProperty}/{policy.Metadata.Name} {JsonSerializer.Serialize(policy.Spec!, KubernetesJson.Default.V1NetworkPolicySpec)}\n"));
}
