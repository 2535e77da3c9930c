using Wayleave.Api;

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

/// <summary>Kinds as text.</summary>
public static class WorkloadKindParser
{
    /// <summary>How many kinds can be looked up by name.</summary>
    public const int Count = (int)WorkloadKind.Pod + 1;

    /// <summary>The kind of Pods that a declaration names by their labels, in names and annotations of policies.</summary>
    public const string Pods = "Pods";

    /// <summary>The kind's name, e.g. <c>StatefulSet</c>.</summary>
    public static string Name(this WorkloadKind kind) => kind switch
    {
        WorkloadKind.Deployment => WorkloadKindNames.Deployment,
        WorkloadKind.StatefulSet => WorkloadKindNames.StatefulSet,
        WorkloadKind.DaemonSet => WorkloadKindNames.DaemonSet,
        WorkloadKind.CronJob => WorkloadKindNames.CronJob,
        WorkloadKind.Job => WorkloadKindNames.Job,
        WorkloadKind.ReplicaSet => WorkloadKindNames.ReplicaSet,
        WorkloadKind.Pods => Pods,
        _ => WorkloadKindNames.Pod,
    };

    /// <summary>Reads a kind's name exactly; false for anything else.</summary>
    public static bool TryParse(string? text, out WorkloadKind kind)
    {
        for (kind = WorkloadKind.Deployment; kind <= WorkloadKind.Pod; kind++)
        {
            if (kind.Name() == text)
            {
                return true;
            }
        }

        kind = default;
        return false;
    }

    /// <summary>An enumeration for a sentence: <c>a Deployment and a StatefulSet</c>.</summary>
    public static string Describe(IReadOnlyList<WorkloadKind> kinds) =>
        string.Join(" and ", kinds.Select(kind => $"a {kind.Name()}"));
}
