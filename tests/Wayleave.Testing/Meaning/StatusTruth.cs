using System.Net;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Compares statuses with the policies: a target that is reported as enforced must be isolated, and allow its declared callers.</summary>
public sealed class StatusTruth(ClusterView view, Tally tally)
{
    private static readonly int[] _ports = [80, 443, 53, 5353, 8080, 9005, 9090, 9100];
    private static readonly Door[] _doors = [.. _ports.SelectMany(port => new[] { Door.Tcp(port), Door.Udp(port), Door.Sctp(port) })];
    private static readonly IPAddress[] _addresses = [IPAddress.Parse("203.0.113.9"), IPAddress.Parse("198.51.100.7"), IPAddress.Parse("198.51.100.8")];

    /// <summary>The first status that is wrong. Null for none.</summary>
    public string? Problem() => view.Intents.Select(ProblemOf).Concat(view.Protections.Select(ProblemOf)).FirstOrDefault(problem => problem is not null);

    private string? ProblemOf(ClientIntents intents)
    {
        var targets = intents.Status?.ObservedGeneration == intents.Metadata.Generation ? intents.Status?.Targets ?? [] : [];
        for (var i = 0; i < Math.Min(targets.Count, intents.Spec.Targets.Count); i++)
        {
            if (targets[i] is { State: TargetStateNames.Enforced, Reason: not Reasons.JobNotFound } && ProblemOf(intents, intents.Spec.Targets[i]) is { } problem)
            {
                return $"{intents.Metadata.NamespaceProperty}/{intents.Metadata.Name} says that targets[{i}] is enforced, and {problem}";
            }
        }

        return null;
    }

    private string? ProblemOf(ClientIntents intents, IntentTarget target)
    {
        tally.Enforced++;
        if (view.MeaningOf(Declarations.ClientOf(intents)).One is not { } client || view.PodsOf(client).Any(pod => pod.HostNetwork))
        {
            return "its client is not just one workload, or on the host network";
        }

        var one = new Declared<ClientIntents>(new ClientIntents { Metadata = intents.Metadata, Spec = new ClientIntentsSpec { Targets = [target] } }, IsKept: false);
        return target switch
        {
            { Kubernetes: not null } => ProblemOf(client, Declarations.WorkloadCallsOf(one).Single()),
            { Service: not null } => ProblemOf(client, Declarations.ServiceCallsOf(one).Single()),
            { Internet: { } internet } => ProblemOf(client, internet),
            _ => "that type cannot be enforced",
        };
    }

    private string? ProblemOf(DeclaredWorkload client, Call<KubernetesTarget> call) => view.MeaningOf(call.Server).One is not { } server
        ? "its server is not just one workload"
        : ProblemOf(client, view.PodsOf(server), (door, pod) => WrittenPort.Includes(call.Target.Ports, door, pod, view.Defaults));

    private string? ProblemOf(DeclaredWorkload client, Call<ServiceTarget> call)
    {
        var service = view.Services.FirstOrDefault(entry => entry.Metadata.NamespaceProperty == call.Server.Namespace && entry.Metadata.Name == call.Server.Name);
        return service is null || !ServicePorts.HasPods(service)
            ? "there is no such Service, or it has no Pods"
            : ProblemOf(client, view.Pods.Where(pod => !view.IsGone(pod) && IsBehind(service, pod)), (door, pod) => ServicePorts.Leads(service, call.Target.Ports, door, pod));
    }

    private string? ProblemOf(DeclaredWorkload client, IEnumerable<ClusterPod> servers, Func<Door, ClusterPod, bool> doors)
    {
        // Isolation of one side is enough: each denies connections that are not declared.
        var isBound = view.PodsOf(client).All(view.Written.IsEgressIsolated);
        foreach (var server in servers)
        {
            if (server.HostNetwork)
            {
                return $"{server} is on the host network";
            }

            if (!isBound && !view.Written.IsIngressIsolated(server))
            {
                return $"{server} is open to everyone";
            }

            var closed = from caller in view.PodsOf(client)
                         from door in _doors
                         where doors(door, server) && !view.Written.MayReach(caller, server, door)
                         select $"{caller} cannot call {server} at {door}";
            if (closed.FirstOrDefault() is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? ProblemOf(DeclaredWorkload client, InternetTarget target)
    {
        var problems = from caller in view.PodsOf(client)
                       from address in _addresses
                       where (target.Ips ?? []).Exists(range => IPNetwork.Parse(range.Contains('/', StringComparison.Ordinal) ? range : $"{range}/32").Contains(address))
                       from door in _doors
                       where WrittenPort.Includes(target.Ports, door, null, view.Defaults) && !view.Written.MaySend(caller, address, door)
                       select $"{caller} cannot call {address} at {door}";
        return problems.FirstOrDefault()
            ?? view.PodsOf(client).Where(caller => !view.Written.IsEgressIsolated(caller)).Select(caller => $"{caller} may call everything").FirstOrDefault();
    }

    private string? ProblemOf(ProtectedService protection)
    {
        var ready = protection.Status?.Conditions?.Find(condition => condition.Type == ConditionTypes.Ready);
        if (ready is not { Status: "True", Reason: Reasons.Enforced } || protection.Status!.ObservedGeneration != protection.Metadata.Generation || !Declarations.IsHere(protection.Spec.Clusters))
        {
            return null;
        }

        tally.Enforced++;
        var name = $"{protection.Metadata.NamespaceProperty}/{protection.Metadata.Name} says that it is enforced, and";
        return view.MeaningOf(Declarations.ServerOf(protection)).One is not { } server
            ? $"{name} its server is not just one workload"
            : view.PodsOf(server).Where(pod => !view.Written.IsIngressIsolated(pod)).Select(pod => $"{name} {pod} is open to everyone").FirstOrDefault();
    }

    private static bool IsBehind(PartialService service, ClusterPod pod) =>
        pod.Namespace == service.Metadata.NamespaceProperty && Subject.Of(service).Selector.Selects(pod.Labels);
}
