using System.Net;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Connectivity;

/// <summary>A Pod as a network plugin sees it.</summary>
/// <param name="Name">Its name. Two of one namespace and name are the same Pod.</param>
/// <param name="Labels">Null for none.</param>
public sealed record NetworkPod(string Namespace, string Name, IDictionary<string, string>? Labels)
{
    /// <summary>The ports that its containers declare, which resolve port names.</summary>
    public IReadOnlyList<ContainerPort> Ports { get; init; } = [];

    /// <summary>Its addresses. Without any, only an <c>ipBlock</c> of all addresses matches it.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Whether it uses the network of its node: no policy selects it, and no selector of a peer matches it.</summary>
    public bool HostNetwork { get; init; }

    internal bool IsSame(NetworkPod other) => Namespace == other.Namespace && Name == other.Name;
}
