using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Computes from the declarations which servers are isolated, and which connections they still accept.</summary>
internal sealed class IngressOracle
{
    private readonly ClusterView _view;
    private readonly Declarations _declarations;
    private readonly ClusterDns _dns;
    private readonly Past _past;
    private readonly List<Restriction> _closed = [];

    /// <param name="view">The state of the cluster.</param>
    /// <param name="past">The state before.</param>
    /// <param name="stays">Whether a server that stays as it is was isolated before.</param>
    public IngressOracle(ClusterView view, Past past, Predicate<Subject> stays)
    {
        (_view, _past) = (view, past);
        _declarations = new Declarations(view);
        _dns = new ClusterDns(view);
        foreach (var workload in Workloads())
        {
            Close(Subject.Of(workload, Subject.Ingress), ClaimOn(workload), stays, () => OpeningsOf(workload));
        }

        foreach (var service in view.Services.Where(ServicePorts.HasPods))
        {
            Close(Subject.Of(service), ClaimOn(service, isPresent: true), stays, () => OpeningsOf(service));
        }

        foreach (var service in view.GoneServices.Where(ServicePorts.HasPods))
        {
            Close(Subject.Of(service), ClaimOn(service, isPresent: false), stays, () => OpeningsOf(service));
        }

        LeaveOthers(stays);
    }

    /// <summary>The isolated servers.</summary>
    public IReadOnlyList<Restriction> Closed => _closed;

    private IEnumerable<Reference> Named => _declarations.WorkloadCalls.Select(call => call.Server).Concat(_declarations.Protections.Select(declared => Declarations.ServerOf(declared.Entity)));

    private IEnumerable<DeclaredWorkload> Workloads() => _view.Workloads.Where(workload => workload.HasOwnPods)
        .Concat(_view.GoneWorkloads)
        .Concat(Named.Where(reference => reference.Selector is not null).SelectMany(reference => _view.MeaningOf(reference).Present))
        .DistinctBy(workload => (workload.Kind, workload.Namespace, workload.Name));

    private bool IsGone(Subject subject) => subject.Kind == Subject.Service
        ? _view.GoneServices.Any(service => service.Metadata.NamespaceProperty == subject.Namespace && service.Metadata.Name == subject.Name)
        : _view.GoneWorkloads.Any(workload => (workload.Kind, workload.Namespace, workload.Name) == (subject.Kind, subject.Namespace, subject.Name));

    private void Close(Subject server, Claim claim, Predicate<Subject> stays, Func<IEnumerable<Opening>> openings)
    {
        var isClosed = claim == Claim.Certain || (claim == Claim.Possible && stays(server));
        if (isClosed && !_view.IsTerminating(server.Namespace) && !_view.NameConflicts.Contains(server.Id) && !_dns.IsPartOf(server))
        {
            var standing = IsGone(server) || IsNamedByKept(server) || IsNamedByUncertain(server) ? Standing.Kept : Standing.Settled;

            // The policy of a deleted server may have been changed while the operator did not run, and only the policy says which Pods it selects.
            var isIntact = standing == Standing.Settled || _view.Policies.All(policy =>
                (policy.Metadata.NamespaceProperty, policy.Metadata.Name) != server.Id || _view.Pods.All(pod => policy.Spec!.PodSelector!.Selects(pod.Labels) == server.Selector.Selects(pod.Labels)));
            _closed.Add(new Restriction(server, standing, isIntact, [.. openings()]));
        }
    }

    // A server stays isolated while its namespace is being deleted. It may stay isolated while a declaration that is no longer valid may have
    // isolated it.
    private void LeaveOthers(Predicate<Subject> stays)
    {
        var known = _closed.Select(restriction => restriction.Subject.Id).ToHashSet();
        foreach (var subject in _past.Restricted.Values.Where(subject => subject.Direction == Subject.Ingress && !known.Contains(subject.Id)))
        {
            var isLeft = _view.HasNamespace(subject.Namespace)
                && _view.GetSettings(subject.Namespace).Mode != EnforcementMode.Disabled
                && !_view.NameConflicts.Contains(subject.Id)
                && !_dns.IsPartOf(subject)
                && stays(subject);
            if (isLeft && _view.IsTerminating(subject.Namespace))
            {
                _closed.Add(new Restriction(subject, Standing.Frozen, IsSure: true, []));

                // After several changes at once, the policy may have changed before the deletion.
                _closed.AddRange(_view.Policies.Where(policy => (policy.Metadata.NamespaceProperty, policy.Metadata.Name) == subject.Id)
                    .Select(policy => new Restriction(subject with { Selector = policy.Spec!.PodSelector! }, Standing.Frozen, IsSure: false, [])));
            }
            else if (isLeft && IsNamedByKept(subject))
            {
                _closed.Add(new Restriction(subject, Standing.Kept, IsSure: false, []));
            }
        }
    }

    private bool IsNamedByKept(Subject subject) => subject.Kind == Subject.Service
        ? _declarations.KeptIntents.SelectMany(Declarations.ServiceCallsOf).Any(call => IsNameOf(subject, call.Server))
        : _declarations.KeptIntents.SelectMany(Declarations.WorkloadCallsOf).Any(call => IsNameOf(subject, call.Server));

    // A server stays open to a client whose name has become ambiguous.
    private bool IsNamedByUncertain(Subject subject) => (subject.Kind == Subject.Service
            ? _declarations.ServiceCalls.Select(call => (call.Intents, call.Server))
            : _declarations.WorkloadCalls.Select(call => (call.Intents, call.Server)))
        .Any(call => IsNameOf(subject, call.Server) && _view.MeaningOf(Declarations.ClientOf(call.Intents.Entity)).Present.Count > 1);

    private static bool IsNameOf(Subject subject, Reference reference) => reference.Namespace == subject.Namespace && reference.Name == subject.DeclaredName;

    private Claim ClaimOn(DeclaredWorkload server)
    {
        var protections = _declarations.Protections.Select(declared => (Server: Declarations.ServerOf(declared.Entity), IsKept: false));
        var calls = _declarations.WorkloadCalls.Select(call => (call.Server, call.Intents.IsKept));
        return _view.GetSettings(server.Namespace).Mode switch
        {
            EnforcementMode.Enforce => ClaimOn(server, protections.Concat(calls)),
            EnforcementMode.Shadow => ClaimOn(server, protections),
            _ => Claim.None,
        };
    }

    // An ambiguous name, a name of a deleted workload, and a declaration that is no longer valid leave the servers as they are.
    private Claim ClaimOn(DeclaredWorkload server, IEnumerable<(Reference Server, bool IsKept)> declared) => declared
        .Where(named => _declarations.Means(named.Server, server))
        .Select(named =>
        {
            var one = _view.MeaningOf(named.Server).One;
            return one is null || named.IsKept ? Claim.Possible : one.HostNetwork ? Claim.None : Claim.Certain;
        })
        .DefaultIfEmpty(Claim.None)
        .Max();

    // In Shadow mode a Service is isolated together with the protected workload behind it, so that its declared callers are not denied.
    private Claim ClaimOn(PartialService server, bool isPresent)
    {
        var claim = _declarations.ServiceCalls.Where(call => IsName(call.Server, server))
            .Select(call => isPresent && !call.Intents.IsKept ? Claim.Certain : Claim.Possible)
            .DefaultIfEmpty(Claim.None)
            .Max();
        return claim == Claim.None || IsOnHosts(server) ? Claim.None : _view.GetSettings(server.Metadata.NamespaceProperty!).Mode switch
        {
            EnforcementMode.Enforce => claim,
            EnforcementMode.Shadow => (Claim)Math.Min((int)claim, (int)ProtectionBehind(server)),
            _ => Claim.None,
        };
    }

    private bool IsOnHosts(PartialService service)
    {
        var selector = Subject.Of(service).Selector;
        var pods = _view.Pods.Where(pod => !_view.IsGone(pod) && pod.Namespace == service.Metadata.NamespaceProperty && selector.Selects(pod.Labels)).ToList();
        return pods.Count > 0 && pods.TrueForAll(pod => pod.HostNetwork);
    }

    private Claim ProtectionBehind(PartialService service) => ProtectionsBehind(service)
        .Select(declared => _view.MeaningOf(Declarations.ServerOf(declared.Entity)).One is null ? Claim.Possible : Claim.Certain)
        .DefaultIfEmpty(Claim.None)
        .Max();

    private IEnumerable<Declared<ProtectedService>> ProtectionsBehind(PartialService service) => _declarations.Protections
        .Where(declared => declared.Entity.Metadata.NamespaceProperty == service.Metadata.NamespaceProperty)
        .Where(declared => _view.MeaningOf(Declarations.ServerOf(declared.Entity)).All.Any(workload => IsBehind(service, workload)));

    private bool IsBehind(PartialService service, DeclaredWorkload workload)
    {
        var selector = Subject.Of(service).Selector;
        return selector.Selects(workload.PodLabels) || _view.PodsOf(workload).Any(pod => selector.Selects(pod.Labels));
    }

    private IEnumerable<Opening> OpeningsOf(DeclaredWorkload server)
    {
        var protections = _declarations.Protections.Where(declared => _declarations.Means(Declarations.ServerOf(declared.Entity), server));
        var calls = _declarations.WorkloadCalls.Where(call => _declarations.Means(call.Server, server));
        return calls.SelectMany(call => _declarations.OpenTo(call.Intents, (door, pod) => WrittenPort.Includes(call.Target.Ports, door, pod, _view.Defaults)))
            .Concat(Always(Subject.Of(server, Subject.Ingress), protections));
    }

    private IEnumerable<Opening> OpeningsOf(PartialService server)
    {
        var calls = _declarations.ServiceCalls.Where(call => IsName(call.Server, server));

        // The target ports of a deleted Service are not known.
        var isGone = _view.GoneServices.Contains(server);
        return calls.SelectMany(call => _declarations.OpenTo(call.Intents, (door, pod) => ServicePorts.Leads(server, call.Target.Ports, door, pod)))
            .Select(opening => isGone && opening.Certainty == Certainty.Settled ? opening with { Certainty = Certainty.Kept } : opening)
            .Concat(Always(Subject.Of(server), ProtectionsBehind(server)));
    }

    private IEnumerable<Opening> Always(Subject server, IEnumerable<Declared<ProtectedService>> protections)
    {
        if (protections.All(declared => declared.Entity.Spec.OwnPods != false))
        {
            yield return new Opening(Certainty.Settled) { Pods = server.Has };
        }

        foreach (var opening in _view.GetSettings(server.Namespace).From.Select(caller => Open(caller, server.Namespace)).Concat(_view.Exposure.Of(server)))
        {
            yield return opening;
        }
    }

    private Opening Open(AllowedCaller caller, string @namespace)
    {
        var isAnyone = caller is { IpBlock: null, NamespaceSelector: null, PodSelector: null };
        return new Opening(Certainty.Settled)
        {
            Pods = pod => isAnyone || (caller.IpBlock is null && IsMeant(caller, @namespace, pod)),
            Addresses = address => isAnyone || (caller.IpBlock is { } block && IsIn(block, address)),
            Doors = (door, pod) => WrittenPort.Includes(caller.Ports, door, pod, _view.Defaults),
        };
    }

    private bool IsMeant(AllowedCaller caller, string @namespace, ClusterPod pod) =>
        (caller.NamespaceSelector?.Selects(_view.LabelsOf(pod.Namespace)) ?? (pod.Namespace == @namespace)) && caller.PodSelector?.Selects(pod.Labels) != false;

    private static bool IsIn(AllowedAddresses block, System.Net.IPAddress address) =>
        System.Net.IPNetwork.Parse(block.Cidr).Contains(address) && !(block.Except ?? []).Exists(except => System.Net.IPNetwork.Parse(except).Contains(address));

    private static bool IsName(Reference reference, PartialService service) =>
        reference.Namespace == service.Metadata.NamespaceProperty && reference.Name == service.Metadata.Name;
}
