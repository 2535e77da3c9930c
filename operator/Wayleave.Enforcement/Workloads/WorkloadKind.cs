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

    /// <summary>Pods of any controller, named by their labels in a declaration. Never looked up.</summary>
    Pods,
}
