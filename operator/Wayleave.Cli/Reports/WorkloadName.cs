using Wayleave.Enforcement.Workloads;
using Wayleave.Operator.Configuration;

namespace Wayleave.Cli.Reports;

/// <summary>A workload as a person names it: <c>[KIND/]NAME[.NAMESPACE]</c>, with kubectl's short names of kinds.</summary>
internal readonly record struct WorkloadName(WorkloadKind? Kind, string Name, string Namespace)
{
    private static readonly Dictionary<string, WorkloadKind> _kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["deployment"] = WorkloadKind.Deployment,
        ["deployments"] = WorkloadKind.Deployment,
        ["deploy"] = WorkloadKind.Deployment,
        ["statefulset"] = WorkloadKind.StatefulSet,
        ["statefulsets"] = WorkloadKind.StatefulSet,
        ["sts"] = WorkloadKind.StatefulSet,
        ["daemonset"] = WorkloadKind.DaemonSet,
        ["daemonsets"] = WorkloadKind.DaemonSet,
        ["ds"] = WorkloadKind.DaemonSet,
        ["cronjob"] = WorkloadKind.CronJob,
        ["cronjobs"] = WorkloadKind.CronJob,
        ["cj"] = WorkloadKind.CronJob,
        ["job"] = WorkloadKind.Job,
        ["jobs"] = WorkloadKind.Job,
        ["replicaset"] = WorkloadKind.ReplicaSet,
        ["replicasets"] = WorkloadKind.ReplicaSet,
        ["rs"] = WorkloadKind.ReplicaSet,
        ["pod"] = WorkloadKind.Pod,
        ["pods"] = WorkloadKind.Pod,
        ["po"] = WorkloadKind.Pod,
    };

    /// <summary>How to name a workload, for the help.</summary>
    public const string Forms = "NAME, NAME.NAMESPACE, KIND/NAME or KIND/NAME.NAMESPACE";

    /// <exception cref="CliException">It is not of this form.</exception>
    public static WorkloadName Parse(string text, string @namespace)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        WorkloadKind? kind = null;
        if (slash >= 0)
        {
            kind = _kinds.TryGetValue(text[..slash], out var known)
                ? known
                : throw new CliException(
                    $"\"{text}\": {text[..slash]} is not a kind of workload; use deployment, statefulset, daemonset, cronjob, job, replicaset or pod",
                    ExitCodes.BadUsage);
        }

        var name = text[(slash + 1)..];
        var dot = name.LastIndexOf('.');
        var result = dot < 0
            ? new WorkloadName(kind, name, @namespace)
            : new WorkloadName(kind, name[..dot], name[(dot + 1)..]);
        return result.Name.Length > 0 && result.Namespace.Length > 0
            ? result
            : throw new CliException($"\"{text}\" is not a workload; use {Forms}", ExitCodes.BadUsage);
    }

    /// <exception cref="CliException">The operator does not watch the namespace, so that its workloads are not known here.</exception>
    public void CheckIsWatched(OperatorOptions options)
    {
        if (options.WatchNamespace is { } only && only != Namespace)
        {
            throw new CliException($"the operator watches only namespace {only} (--watch-namespace), not {Namespace}");
        }
    }

    /// <param name="candidates">All workloads of that name in that namespace.</param>
    /// <exception cref="CliException">There is none, or several.</exception>
    public Workload Resolve(IReadOnlyList<Workload> candidates) => WorkloadResolver.Resolve(Kind, candidates) switch
    {
        WorkloadResolution.Found found => found.Workload,
        WorkloadResolution.EmptySelector found => found.Workload,
        WorkloadResolution.Ambiguous several => throw new CliException(
            $"\"{Name}\" in namespace {Namespace} is {WorkloadKindParser.Describe(several.Kinds)}; name one as {string.Join(" or ", several.Kinds.Select(Named))}"),
        WorkloadResolution.NotFound { OtherKinds: { Count: > 0 } others } => throw new CliException(
            $"{Show()} not found in namespace {Namespace}; {WorkloadKindParser.Describe(others)} has that name"),
        _ => throw new CliException($"{Show()} not found in namespace {Namespace}"),
    };

    /// <summary>A workload as it is shown: <c>deployment/cart</c>.</summary>
    public static string Show(string kind, string name) => $"{kind.ToLowerInvariant()}/{name}";

    private string Named(WorkloadKind kind) => Show(kind.Name(), Name);

    private string Show() => Kind is { } kind ? $"\"{Named(kind)}\"" : $"a workload \"{Name}\"";
}
