using k8s.Models;
using Wayleave.Enforcement.Workloads;
using Wayleave.Hosting;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Operator.Hosting;

/// <summary>The operator's own Deployment, if it is known. Thread-safe.</summary>
internal sealed class OperatorDeployment(OperatorOptions options)
{
    private volatile WorkloadCache? _workloads;

    /// <summary>For Events; null where it is not known which it is.</summary>
    public V1ObjectReference? Reference => options.Deployment is { } name
        ? new V1ObjectReference
        {
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Name = name,
            NamespaceProperty = options.Namespace,
            Uid = Uid,
        }
        : null;

    /// <summary>The owner reference for objects that are garbage-collected with the Deployment. Null until the cache has it.</summary>
    public V1OwnerReference? Owner => Uid is { } uid
        ? new V1OwnerReference { ApiVersion = "apps/v1", Kind = "Deployment", Name = options.Deployment, Uid = uid }
        : null;

    private string? Uid => options.Deployment is { } name
        ? _workloads?.Find(options.Namespace, name).FirstOrDefault(workload => workload.Kind == WorkloadKind.Deployment)?.Uid
        : null;

    /// <summary>
    /// Sets the cache to look it up in. Set later, because the cache depends on the client and the client's lease on this class.
    /// </summary>
    public void Attach(WorkloadCache workloads) => _workloads = workloads;
}

/// <summary>The version that was built.</summary>
internal static class OperatorVersion
{
    public static string Text { get; } = ProgramHost.GetVersion(typeof(OperatorVersion).Assembly);

    public static SemanticVersion Semantic { get; } = SemanticVersion.Parse(Text);
}
