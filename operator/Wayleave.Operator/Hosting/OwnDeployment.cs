using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Hosting;

/// <summary>The Deployment that this process is of, where it is known which that is. Safe from any thread.</summary>
internal sealed class OwnDeployment(OperatorOptions options)
{
    private volatile string? _uid;

    /// <summary>For Events; null where it is not known which it is.</summary>
    public V1ObjectReference? Reference => options.Deployment is { } name
        ? new V1ObjectReference { ApiVersion = "apps/v1", Kind = "Deployment", Name = name, NamespaceProperty = options.Namespace, Uid = _uid }
        : null;

    /// <summary>For what is of no use without it: the garbage collector deletes that after it. Null until it was seen.</summary>
    public V1OwnerReference? Owner => _uid is { } uid
        ? new V1OwnerReference { ApiVersion = "apps/v1", Kind = "Deployment", Name = options.Deployment, Uid = uid }
        : null;

    /// <summary>Follows what is in the cluster. Call once, before it is read.</summary>
    public void Attach(WorkloadCache workloads)
    {
        if (options.Deployment is { } name)
        {
            var own = new NamespacedName(options.Namespace, name);
            workloads.AddHandler(changed =>
            {
                if (changed == own)
                {
                    _uid = UidOf(workloads, own);
                }
            });
        }
    }

    private static string? UidOf(WorkloadCache workloads, NamespacedName own) =>
        workloads.Find(own.Namespace, own.Name).FirstOrDefault(workload => workload.Kind == WorkloadKind.Deployment)?.Uid;
}
