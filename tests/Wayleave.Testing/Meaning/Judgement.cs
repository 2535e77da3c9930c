using System.Net;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>What the declarations say of every connection at one moment.</summary>
public sealed class Judgement(IngressOracle ingress, EgressOracle egress)
{
    private readonly Dictionary<ClusterPod, IReadOnlyList<Admission>?> _admissions = [];
    private readonly Dictionary<ClusterPod, IReadOnlyList<Way>?> _ways = [];

    /// <summary>Whether a declaration has a say in who may call the pod.</summary>
    public bool IsClosed(ClusterPod server) => AdmissionsTo(server) is not null;

    /// <summary>Whether a declaration has a say in whom the pod may call.</summary>
    public bool IsBound(ClusterPod client) => WaysOf(client) is not null;

    /// <summary>Whether one pod may call another: the one must be let go and the other must let in.</summary>
    public bool MayReach(ClusterPod client, ClusterPod server, Door door) =>
        ReferenceEquals(client, server)
        || ((WaysOf(client)?.Any(way => way.ToPod(door, server)) ?? true)
            && (AdmissionsTo(server)?.Any(admission => admission.IsFor(client) && admission.Opens(door, server)) ?? true));

    /// <summary>Whether a pod may call an address outside the cluster.</summary>
    public bool MayReach(ClusterPod client, IPAddress address, Door door) => WaysOf(client)?.Any(way => way.ToAddress(door, address)) ?? true;

    private IReadOnlyList<Admission>? AdmissionsTo(ClusterPod server)
    {
        if (!_admissions.TryGetValue(server, out var admissions))
        {
            _admissions[server] = admissions = ingress.Admissions(server);
        }

        return admissions;
    }

    private IReadOnlyList<Way>? WaysOf(ClusterPod client)
    {
        if (!_ways.TryGetValue(client, out var ways))
        {
            _ways[client] = ways = egress.WaysOf(client);
        }

        return ways;
    }
}
