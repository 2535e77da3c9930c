using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>
/// Says from the declarations alone which pods may call only what they declare, and what that is: DESIGN.md, section 4, "Egress".
/// </summary>
public sealed class EgressOracle
{
    private readonly ClusterView _view;
    private readonly Callers _callers;
    private readonly List<(Subject Client, List<Way> Ways)> _bound = [];

    /// <inheritdoc cref="IngressOracle(ClusterView, Func{Subject, bool})"/>
    public EgressOracle(ClusterView view, Func<Subject, bool> stays)
    {
        _view = view;
        _callers = new Callers(view);
        foreach (var workload in view.Workloads.Where(workload => workload is { IsMade: false, HasOwnPods: true }))
        {
            var client = Subject.Of(workload, "egress");
            var claim = ClaimOn(workload);
            if ((claim == Claim.Certain || (claim == Claim.Possible && stays(client))) && !view.TakenNames.Contains(client.Id))
            {
                _bound.Add((client, [.. Ways(workload)]));
            }
        }
    }

    /// <summary>The clients that may call only what they declare.</summary>
    public IEnumerable<Subject> Bound => _bound.Select(bound => bound.Client);

    /// <summary>Of a pod: null when it may go anywhere, else the ways that it may go.</summary>
    public IReadOnlyList<Way>? WaysOf(ClusterPod client)
    {
        var bound = _bound.FindAll(candidate => candidate.Client.Has(client));
        return bound.Count == 0 ? null : [.. bound.SelectMany(candidate => candidate.Ways)];
    }

    private static bool Names(ClientIntents intents, DeclaredWorkload client) =>
        client.IsNamed(intents.Metadata.NamespaceProperty!, intents.Spec.Workload.Name, intents.Spec.Workload.Kind);

    // A declaration of nothing but what is not supported yet must not cut its client off from just that.
    private static bool SaysWhere(ClientIntents intents) =>
        intents.Spec.Targets.Exists(target => target.Kubernetes is not null || target.Service is not null || target.Internet is not null);

    private Claim ClaimOn(DeclaredWorkload client) =>
        _view.RuleOf(client.Namespace) is not { Mode: EnforcementMode.Enforce, Egress: true }
            ? Claim.None
            : _callers.Intents
                .Where(intents => Names(intents, client) && SaysWhere(intents))
                .Select(intents => _view.Named(client.Namespace, client.Name, intents.Spec.Workload.Kind).Count == 1 ? Claim.Certain : Claim.Possible)
                .DefaultIfEmpty(Claim.None)
                .Max();

    private IEnumerable<Way> Ways(DeclaredWorkload client)
    {
        if (_view.RuleOf(client.Namespace).Dns)
        {
            yield return new Way((door, _) => IsDns(door), (door, _) => IsDns(door));
        }

        foreach (var intents in _callers.Intents.Where(intents => Names(intents, client)))
        {
            foreach (var way in WorkloadWays(intents).Concat(ServiceWays(intents)).Concat(InternetWays(intents)))
            {
                yield return way;
            }
        }
    }

    private IEnumerable<Way> WorkloadWays(ClientIntents intents) =>
        from target in Callers.WorkloadTargets(intents)
        where _view.CanBeTold(target.Namespace)
        from server in _view.Named(target.Namespace, target.Name, target.Target.Kind)
        where server.HasOwnPods
        select Way.ToPods((door, pod) => server.Owns(pod) && Callers.IsAmong(target.Target.Ports, door));

    private IEnumerable<Way> ServiceWays(ClientIntents intents) =>
        from target in Callers.ServiceTargets(intents)
        where _view.CanBeTold(target.Namespace)
        from service in _view.Services
        where ServiceCallers.HasPods(service) && ServiceCallers.IsNamed(service, target.Namespace, target.Name)
        let server = Subject.Of(service)
        select Way.ToPods((door, pod) => server.Has(pod) && ServiceCallers.Leads(service, target.Target.Ports ?? [], door, pod));

    private static IEnumerable<Way> InternetWays(ClientIntents intents) =>
        from target in intents.Spec.Targets.Select(target => target.Internet).OfType<InternetTarget>()
        from range in target.Ips ?? []
        select Way.ToAddresses(
            (door, address) =>
                IsIn(range, address)
                    && !(target.Except ?? []).Exists(except => IsIn(except, address))
                    && Callers.IsAmong(target.Ports, door));

    private static bool IsIn(string range, IPAddress address) =>
        IPNetwork.Parse(range.Contains('/', StringComparison.Ordinal) ? range : $"{range}/32").Contains(address);

    private static bool IsDns(Door door) => door.Port == 53 && door.Protocol is Protocols.Tcp or Protocols.Udp;
}
