using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Testing.Semantics;

/// <summary>The <c>ports</c> of a rule. Any of them may match; an absent or empty list matches every port of every protocol.</summary>
internal static class PortMatch
{
    /// <param name="ports">The ports of the rule.</param>
    /// <param name="door">The port of the connection.</param>
    /// <param name="server">The called pod, which resolves port names. Null for an address outside the cluster.</param>
    public static bool Matches(IEnumerable<V1NetworkPolicyPort>? ports, Door door, ClusterPod? server) =>
        ports is null || !ports.Any() || ports.Any(port => Matches(port, door, server));

    private static bool Matches(V1NetworkPolicyPort port, Door door, ClusterPod? server)
    {
        var protocol = port.Protocol ?? Protocols.Tcp;
        if (protocol is not (Protocols.Tcp or Protocols.Udp or Protocols.Sctp))
        {
            throw new InvalidOperationException($"There is no protocol \"{protocol}\".");
        }

        return protocol == door.Protocol && (port.Port is { } given ? (PortNumberOrName)given : default(PortNumberOrName?), port.EndPort) switch
        {
            (null, null) => true,
            ({ Text: null } first, null) => first.Number == door.Port,
            ({ Text: null } first, { } last) when first.Number <= last => first.Number <= door.Port && door.Port <= last,
            ({ Text: { } name }, null) => server?.Ports.Contains(new NamedPort(name, door.Port, protocol)) == true,
            _ => throw new InvalidOperationException("endPort needs a port that is a number and no larger."),
        };
    }
}
