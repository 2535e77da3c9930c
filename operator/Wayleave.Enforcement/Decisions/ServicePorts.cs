using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Which ports of the pods a Service's ports lead to.</summary>
internal sealed class ServicePorts(List<V1ServicePort>? ports)
{
    private readonly PolicyPort[] _all = (ports ?? []).Select(Target).ToArray();

    /// <summary>
    /// The pods' ports behind the Service's ports <paramref name="wanted"/>, or behind all of them. A headless Service may have no ports;
    /// all of none is then every port, as an empty list of a rule says.
    /// </summary>
    /// <param name="wanted">The Service's own ports; empty for all.</param>
    /// <param name="missing">The first that the Service does not have.</param>
    public IReadOnlyList<PolicyPort> Find(IReadOnlyList<int> wanted, out int? missing)
    {
        missing = null;
        if (wanted.Count == 0)
        {
            return _all;
        }

        var found = new List<PolicyPort>(wanted.Count);
        foreach (var number in wanted)
        {
            var before = found.Count;
            found.AddRange((ports ?? []).Where(port => port.Port == number).Select(Target));
            missing ??= found.Count == before ? number : null;
        }

        return found;
    }

    /// <summary>The names of the Service's ports <paramref name="wanted"/>; null for all.</summary>
    public IReadOnlyCollection<string>? Names(IReadOnlyList<int> wanted, out int? missing)
    {
        missing = wanted.Cast<int?>().FirstOrDefault(number => ports?.Exists(port => port.Port == number) != true);
        return wanted.Count == 0
            ? null
            : (ports ?? []).Where(port => wanted.Contains(port.Port)).Select(port => port.Name ?? "").ToHashSet(StringComparer.Ordinal);
    }

    private static PolicyPort Target(V1ServicePort port) => new(port.Protocol ?? PolicyPort.Tcp, port.TargetPort ?? port.Port);
}
