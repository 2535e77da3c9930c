namespace Wayleave.Enforcement.Workloads;

/// <summary>The kinds of workloads, in the order of look-up.</summary>
public enum WorkloadKind
{
    Deployment,
    StatefulSet,
    DaemonSet,
    CronJob,
    Job,
    ReplicaSet,
    Pod,
}
