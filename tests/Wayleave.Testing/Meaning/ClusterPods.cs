using System.Globalization;
using System.Net;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>The Pods of a cluster: one from the template of each workload.</summary>
internal static class ClusterPods
{
    private const int Nodes = 20;
    private const int PodsOfNode = 250;

    public static ClusterPod Of(DeclaredWorkload workload)
    {
        var name = $"{workload.Kind}-{workload.Name}";
        return new ClusterPod(workload.Namespace, name, workload.PodLabels)
        {
            Ports = [.. Ports(workload.Template?.Spec)],
            Address = Address(workload, Hash($"{workload.Namespace}/{name}")),
            HostNetwork = workload.HostNetwork,
        };
    }

    // The same Pod always gets the same address. Node addresses are outside the Pod ranges, 10.0.0.0/24 and 10.0.1.0/24.
    private static IPAddress Address(DeclaredWorkload workload, int hash) => IPAddress.Parse(workload.HostNetwork
        ? string.Create(CultureInfo.InvariantCulture, $"172.16.0.{1 + (hash % Nodes)}")
        : string.Create(CultureInfo.InvariantCulture, $"10.0.{hash % 2}.{1 + (hash / 2 % PodsOfNode)}"));

    private static int Hash(string text) => text.Aggregate(17, (hash, letter) => ((hash * 31) + letter) & 0xFFFFFF);

    private static IEnumerable<NamedPort> Ports(PartialPodSpec? spec) => (spec?.Containers ?? [])
        .Concat(spec?.InitContainers ?? [])
        .SelectMany(container => container.Ports ?? [])
        .Where(port => port.Name is not null)
        .Select(port => new NamedPort(port.Name!, port.ContainerPort, port.Protocol ?? Protocols.Tcp));
}
