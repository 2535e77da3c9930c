using System.Globalization;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>
/// A port as declarations write it: <c>8080</c>, <c>"53/UDP"</c>, <c>"9000-9010"</c>, <c>"9000-9010/UDP"</c>, or a name.
/// </summary>
/// <param name="Protocol">Null when none is given.</param>
/// <param name="Name">Null for numbers.</param>
internal readonly record struct WrittenPort(int First, int Last, string? Protocol, string? Name)
{
    // A range that an API server cannot store is written as single ports, up to this number.
    private const int MostSinglePorts = 128;

    public static WrittenPort Parse(PortNumberOrName port)
    {
        if (port.Text is not { } text)
        {
            return new WrittenPort(port.Number, port.Number, null, null);
        }

        var halves = text.Split('/');
        var ends = halves[0].Split('-');
        return ends.All(end => end.Length > 0 && end.All(char.IsAsciiDigit))
            ? new WrittenPort(Number(ends[0]), Number(ends[^1]), halves.Length > 1 ? halves[1] : null, null)
            : new WrittenPort(0, 0, null, text);
    }

    /// <summary>Whether declared ports include a port of a Pod. An empty list means every port of every protocol.</summary>
    /// <param name="ports">The ports of a declaration.</param>
    /// <param name="door">The port of the connection.</param>
    /// <param name="pod">The Pod, which resolves port names. Null for an address outside the cluster.</param>
    /// <param name="defaults">The version of Kubernetes.</param>
    public static bool Includes(IReadOnlyList<PortNumberOrName>? ports, Door door, ClusterPod? pod, Defaults defaults) =>
        ports is null or { Count: 0 } || ports.Any(port => Parse(port).Includes(door, pod, Protocols.Tcp, defaults));

    /// <summary>Whether DNS ports include a port. They apply to TCP and UDP.</summary>
    public static bool IncludesDns(IReadOnlyList<PortNumberOrName> ports, Door door, Defaults defaults) =>
        door.Protocol is Protocols.Tcp or Protocols.Udp && ports.Any(port => Parse(port).Includes(door, null, door.Protocol, defaults));

    /// <summary>Whether declared ports of a Service include one of its ports. An empty list means every port.</summary>
    public static bool Includes(IReadOnlyList<PortNumberOrName>? wanted, PartialServicePort port) => wanted is null or { Count: 0 } || wanted.Any(one => Parse(one).Means(port));

    private bool Includes(Door door, ClusterPod? pod, string otherwise, Defaults defaults) => Name is { } name
        ? pod?.Ports.Contains(new NamedPort(name, door.Port, door.Protocol)) == true
        : (Protocol ?? otherwise) == door.Protocol && First <= door.Port && door.Port <= Last && (defaults.StoresPortRanges || Last - First < MostSinglePorts);

    private bool Means(PartialServicePort port) => Name is { } name
        ? port.Name == name
        : First <= port.Port && port.Port <= Last && (Protocol is null || Protocol == (port.Protocol ?? Protocols.Tcp));

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
