using System.Net;

namespace Wayleave.Testing.Semantics;

/// <summary>A pod as network policy sees it. Two pods with one namespace and name are the same pod.</summary>
public sealed record ClusterPod(string Namespace, string Name, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The named ports of its containers.</summary>
    public IReadOnlyList<NamedPort> Ports { get; init; } = [];

    /// <summary>Null for a pod that no <c>ipBlock</c> can match.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>
    /// Whether it shares the network of its node. Its traffic then counts as the node's: no policy selects it, and no selector of a peer
    /// matches it.
    /// </summary>
    public bool HostNetwork { get; init; }

    /// <summary>Its namespace and name.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
