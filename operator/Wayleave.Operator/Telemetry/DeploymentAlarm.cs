using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;
using Wayleave.Telemetry.Export;

namespace Wayleave.Operator.Telemetry;

/// <summary>Records an Event on the operator's own Deployment, where it is known which that is.</summary>
internal sealed class DeploymentAlarm(IEventRecorder recorder, ClusterCache cache, OperatorOptions options) : IDeliveryAlarm
{
    /// <summary>The Event's reason.</summary>
    public const string Reason = "TelemetryNotDelivered";

    public void Raise(string reason, DateTimeOffset since)
    {
        if (options.Deployment is not { } name)
        {
            return;
        }

        var regarding = new V1ObjectReference
        {
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Name = name,
            NamespaceProperty = options.Namespace,
            Uid = cache.Workloads.Find(options.Namespace, name).FirstOrDefault(workload => workload.Kind == WorkloadKind.Deployment)?.Uid,
        };
        var note = $"telemetry was not taken by its collector since {since:u} ({reason}); the counts are kept. Look at GET /telemetry on the metrics port, "
            + "or turn telemetry off with global.telemetry.enabled=false";
        recorder.Record(regarding, "Warning", Reason, "SendTelemetry", note);
    }
}
