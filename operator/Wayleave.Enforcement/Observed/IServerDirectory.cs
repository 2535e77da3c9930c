using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Observed;

/// <summary>The servers of the cluster, for declarations that name them by a Service, by labels or by port names.</summary>
public interface IServerDirectory
{
    /// <summary>The workloads of a name, of every kind.</summary>
    IReadOnlyList<Workload> FindWorkloads(string @namespace, string name);

    /// <summary>Null if the Service does not exist.</summary>
    PartialService? FindService(string @namespace, string name);

    /// <summary>The workloads whose Pods a Service selects, as far as they are known.</summary>
    IReadOnlyList<Workload> FindBackends(PartialService service);
}
