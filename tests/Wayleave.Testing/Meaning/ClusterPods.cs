using System.Globalization;
using System.Net;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>The pods of a cluster: those that are there, and one of each workload's template.</summary>
public static class ClusterPods
{
    private static readonly Dictionary<string, string> _none = [];

    public static IReadOnlyList<ClusterPod> Read(IClusterObjects cluster, IReadOnlyList<DeclaredWorkload> workloads)
    {
        var present = cluster.List<V1Pod>().Select(pod => (pod.Metadata.NamespaceProperty!, pod.Metadata.Name!, pod.Metadata.Labels, pod.Spec));
        var made = workloads.Where(workload => workload.Template is not null)
            .Select(workload => (workload.Namespace, $"{workload.Kind}-{workload.Name}-0", workload.Template!.Metadata?.Labels, workload.Template.Spec));
        return [.. present.Concat(made).Select((pod, index) => new ClusterPod(pod.Item1, pod.Item2, pod.Item3 ?? _none)
        {
            Ports = [.. Ports(pod.Item4)],
            Address = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.{index / 250}.{1 + (index % 250)}")),
        })];
    }

    private static IEnumerable<NamedPort> Ports(V1PodSpec? spec) => (spec?.Containers ?? [])
        .SelectMany(container => container.Ports ?? [])
        .Where(port => port.Name is not null)
        .Select(port => new NamedPort(port.Name!, port.ContainerPort, port.Protocol ?? Protocols.Tcp));
}
