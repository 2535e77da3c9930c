using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>
/// Says from the declarations alone which pods are closed and who is let in: DESIGN.md, section 4, retold about pods. It knows policies only
/// as far as their names can be taken.
/// </summary>
public sealed class IngressOracle
{
    private readonly ClusterView _view;
    private readonly Callers _callers;
    private readonly List<(Subject Server, List<Admission> Admissions)> _closed = [];

    /// <param name="view">The cluster as it is.</param>
    /// <param name="stays">
    /// Whether one that an ambiguous name could mean was restricted before: it then stays so, since someone else's new object must not free it.
    /// </param>
    public IngressOracle(ClusterView view, Func<Subject, bool> stays)
    {
        _view = view;
        _callers = new Callers(view);
        foreach (var workload in view.Workloads.Where(workload => workload is { IsMade: false, HasOwnPods: true }))
        {
            Close(Subject.Of(workload, "ingress"), ClaimOn(workload), stays, () => _callers.Of(workload));
        }

        foreach (var service in view.Services.Where(ServiceCallers.HasPods))
        {
            Close(Subject.Of(service), ClaimOn(service), stays, () => ServiceCallers.Of(service, _callers));
        }
    }

    /// <summary>The servers that accept declared callers only.</summary>
    public IEnumerable<Subject> Closed => _closed.Select(closed => closed.Server);

    /// <summary>Of a pod: null when it is open to all, else the callers that it is open to.</summary>
    public IReadOnlyList<Admission>? Admissions(ClusterPod server)
    {
        var closed = _closed.FindAll(candidate => candidate.Server.Has(server));
        return closed.Count == 0 ? null : [.. closed.SelectMany(candidate => candidate.Admissions)];
    }

    private void Close(Subject server, Claim claim, Func<Subject, bool> stays, Func<IEnumerable<Admission>> admissions)
    {
        var isClosed = claim == Claim.Certain || (claim == Claim.Possible && stays(server));
        if (isClosed && !_view.TakenNames.Contains(server.Id))
        {
            _closed.Add((server, [.. admissions(), .. AlwaysAllowed.In(server.Namespace, _view)]));
        }
    }

    private Claim ClaimOn(DeclaredWorkload server)
    {
        var calls = _callers.Intents.SelectMany(Callers.WorkloadTargets).Select(target => (target.Namespace, target.Name, target.Target.Kind));
        return _view.RuleOf(server.Namespace).Mode switch
        {
            EnforcementMode.Enforce => ClaimOn(server, Protected.Concat(calls)),
            EnforcementMode.Shadow => ClaimOn(server, Protected),
            _ => Claim.None,
        };
    }

    // In Shadow a Service is in force with the protected workload behind it, so that who declares to call it is not locked out.
    private Claim ClaimOn(V1Service server)
    {
        var isCalled = _callers.Intents.SelectMany(Callers.ServiceTargets).Any(target => ServiceCallers.IsNamed(server, target.Namespace, target.Name));
        return !isCalled ? Claim.None : _view.RuleOf(server.Metadata.NamespaceProperty!).Mode switch
        {
            EnforcementMode.Enforce => Claim.Certain,
            EnforcementMode.Shadow => ProtectionBehind(server),
            _ => Claim.None,
        };
    }

    private IEnumerable<(string Namespace, string Name, string? Kind)> Protected =>
        _view.Protections.Where(protection => Callers.IsHere(protection.Spec.Clusters))
            .Select(protection => (protection.Metadata.NamespaceProperty!, protection.Spec.Workload.Name, protection.Spec.Workload.Kind));

    // A protection whose name became ambiguous leaves its workload as it is, and so the Service in front of it.
    private Claim ProtectionBehind(V1Service service) => Protected
        .Where(named => named.Namespace == service.Metadata.NamespaceProperty)
        .Select(named => _view.Named(named.Namespace, named.Name, named.Kind))
        .Where(meant => meant.Any(workload => workload.HasOwnPods && Subject.Of(service).Selector.Selects(workload.PodLabels)))
        .Select(meant => meant.Count == 1 ? Claim.Certain : Claim.Possible)
        .DefaultIfEmpty(Claim.None)
        .Max();

    private Claim ClaimOn(DeclaredWorkload server, IEnumerable<(string Namespace, string Name, string? Kind)> declared) => declared
        .Where(named => server.IsNamed(named.Namespace, named.Name, named.Kind))
        .Select(named => _view.Named(named.Namespace, named.Name, named.Kind).Count == 1 ? Claim.Certain : Claim.Possible)
        .DefaultIfEmpty(Claim.None)
        .Max();
}
