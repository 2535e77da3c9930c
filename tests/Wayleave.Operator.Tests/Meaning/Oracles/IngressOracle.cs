using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Operator.Tests.Meaning.Oracles;

/// <summary>
/// Says from the declarations alone which pods are closed and who is let in: DESIGN.md, section 4, retold about pods. It knows policies only
/// as far as their names can be taken.
/// </summary>
internal sealed class IngressOracle
{
    private readonly ClusterView _view;
    private readonly Callers _callers;
    private readonly List<(Server Server, List<Admission> Admissions)> _closed = [];

    /// <param name="view">The cluster as it is.</param>
    /// <param name="stays">
    /// Whether a server that an ambiguous name could mean was closed before: it then stays so, since someone else's new object must not open it.
    /// </param>
    public IngressOracle(ClusterView view, Func<Server, bool> stays)
    {
        _view = view;
        _callers = new Callers(view);
        foreach (var workload in view.Workloads.Where(workload => workload is { IsMade: false, HasOwnPods: true }))
        {
            Close(new Server(workload.Kind, workload.Namespace, workload.Name, workload.Selector), ClaimOn(workload), stays, () => _callers.Of(workload));
        }

        foreach (var service in view.Services.Where(ServiceCallers.HasPods))
        {
            var selector = new V1LabelSelector { MatchLabels = service.Spec!.Selector };
            var server = new Server("Service", service.Metadata.NamespaceProperty!, service.Metadata.Name!, selector);
            Close(server, ClaimOn(service), stays, () => ServiceCallers.Of(service, _callers));
        }
    }

    /// <summary>The servers that accept declared callers only.</summary>
    public IEnumerable<Server> Closed => _closed.Select(closed => closed.Server);

    /// <summary>Of a pod: null when it is open to all, else the callers that it is open to.</summary>
    public IReadOnlyList<Admission>? Admissions(ClusterPod server)
    {
        var closed = _closed.FindAll(candidate => candidate.Server.Has(server));
        return closed.Count == 0 ? null : [.. closed.SelectMany(candidate => candidate.Admissions)];
    }

    private void Close(Server server, Claim claim, Func<Server, bool> stays, Func<IEnumerable<Admission>> admissions)
    {
        var isClosed = claim == Claim.Certain || (claim == Claim.Possible && stays(server));
        if (isClosed && !_view.TakenNames.Contains(server.Id))
        {
            _closed.Add((server, [.. admissions()]));
        }
    }

    private Claim ClaimOn(DeclaredWorkload server)
    {
        var mode = _view.ModeOf(server.Namespace);
        if (mode == EnforcementMode.Off)
        {
            return Claim.None;
        }

        // A protection is in force in Shadow too.
        var protections = _view.Protections.Where(protection => Callers.IsHere(protection.Spec.Clusters))
            .Select(protection => (protection.Metadata.NamespaceProperty!, protection.Spec.Name, protection.Spec.Kind));
        var calls = _callers.Intents.SelectMany(Callers.WorkloadTargets).Select(target => (target.Namespace, target.Name, target.Target.Kind));
        return (mode == EnforcementMode.Enforce ? protections.Concat(calls) : protections)
            .Where(named => server.IsNamed(named.Item1, named.Item2, named.Item3))
            .Select(named => _view.Named(named.Item1, named.Item2, named.Item3).Count == 1 ? Claim.Certain : Claim.Possible)
            .DefaultIfEmpty(Claim.None)
            .Max();
    }

    private Claim ClaimOn(V1Service server) =>
        _view.ModeOf(server.Metadata.NamespaceProperty!) == EnforcementMode.Enforce
        && _callers.Intents.SelectMany(Callers.ServiceTargets).Any(target => ServiceCallers.IsNamed(server, target.Namespace, target.Name))
            ? Claim.Certain
            : Claim.None;
}
