namespace Wayleave.Api;

/// <summary>The kinds that can be named as a client or a server.</summary>
public static class WorkloadKindNames
{
    /// <summary>apps/v1 Deployment.</summary>
    public const string Deployment = "Deployment";

    /// <summary>apps/v1 StatefulSet.</summary>
    public const string StatefulSet = "StatefulSet";

    /// <summary>apps/v1 DaemonSet.</summary>
    public const string DaemonSet = "DaemonSet";

    /// <summary>batch/v1 CronJob.</summary>
    public const string CronJob = "CronJob";

    /// <summary>batch/v1 Job.</summary>
    public const string Job = "Job";

    /// <summary>apps/v1 ReplicaSet.</summary>
    public const string ReplicaSet = "ReplicaSet";

    /// <summary>v1 Pod.</summary>
    public const string Pod = "Pod";
}
