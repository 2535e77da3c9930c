using System.Net;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Where a client may go.</summary>
/// <param name="ToPod">Whether it leads to a door of a pod.</param>
/// <param name="ToAddress">Whether it leads to a door of an address outside the cluster.</param>
public sealed record Way(Func<Door, ClusterPod, bool> ToPod, Func<Door, IPAddress, bool> ToAddress)
{
    /// <summary>A way to pods alone.</summary>
    public static Way ToPods(Func<Door, ClusterPod, bool> toPod) => new(toPod, (_, _) => false);

    /// <summary>A way to addresses, which pods may have too.</summary>
    public static Way ToAddresses(Func<Door, IPAddress, bool> toAddress) =>
        new((door, pod) => pod.Address is { } address && toAddress(door, address), toAddress);
}
