using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Observed;

/// <summary>The servers of a small cluster.</summary>
internal sealed class TestServers : IServerDirectory
{
    private readonly List<Workload> _workloads = [];
    private readonly List<PartialService> _services = [];

    /// <summary>Adds a workload whose Pods have the label <c>app</c>, and a container with these ports.</summary>
    public TestServers Add(string name, params (string? Name, int Number)[] ports) => Add(name, WorkloadKind.Deployment, ports);

    public TestServers Add(string name, WorkloadKind kind, params (string? Name, int Number)[] ports)
    {
        _workloads.Add(Given.Workload(name, kind: kind) with
        {
            PodLabels = new Dictionary<string, string> { ["app"] = name },
            Ports = [.. ports.Select(port => new ContainerPort(port.Name, port.Number, "TCP"))],
        });
        return this;
    }

    /// <summary>Adds a Service that selects Pods by the label <c>app</c>; without one if <paramref name="app"/> is null.</summary>
    public TestServers AddService(string name, string? app, params PartialServicePort[] ports)
    {
        var selector = app is null ? null : new Dictionary<string, string> { ["app"] = app };
        _services.Add(new PartialService { Metadata = Given.Meta(name), Spec = new PartialServiceSpec { Selector = selector, Ports = [.. ports] } });
        return this;
    }

    public IReadOnlyList<Workload> FindWorkloads(string @namespace, string name) =>
        [.. _workloads.Where(workload => workload.Namespace == @namespace && workload.Name == name)];

    public PartialService? FindService(string @namespace, string name) =>
        _services.Find(service => service.Metadata.NamespaceProperty == @namespace && service.Metadata.Name == name);

    public IReadOnlyList<Workload> FindBackends(PartialService service) =>
        service.Spec?.Selector is { } selector ? [.. _workloads.Where(workload => SelectorEquality.ContainsAll(workload.PodLabels, selector))] : [];
}
