using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement;

namespace Wayleave.Testing.Meaning;

/// <summary>Computes from the declarations which clients have restricted egress, and what they may connect to.</summary>
internal sealed class EgressOracle
{
    private readonly ClusterView _view;
    private readonly Declarations _declarations;
    private readonly ClusterDns _dns;
    private readonly Past _past;
    private readonly List<Restriction> _bound = [];

    /// <inheritdoc cref="IngressOracle(ClusterView, Past, Predicate{Subject})"/>
    public EgressOracle(ClusterView view, Past past, Predicate<Subject> stays)
    {
        (_view, _past) = (view, past);
        _declarations = new Declarations(view);
        _dns = new ClusterDns(view);
        foreach (var workload in Workloads())
        {
            var client = Subject.Of(workload, Subject.Egress);
            var claim = ClaimOn(workload);
            var isBound = claim == Claim.Certain || (claim == Claim.Possible && stays(client));
            if (isBound && !view.IsTerminating(client.Namespace) && !view.NameConflicts.Contains(client.Id) && !_dns.IsPartOf(client))
            {
                var standing = HasKept(client.Namespace) || view.GoneWorkloads.Any(workload.IsSame) ? Standing.Kept : Standing.Settled;
                _bound.Add(new Restriction(client, standing, IsSure: true, [.. OpeningsOf(workload)]));
            }
        }

        LeaveOthers(stays);
    }

    /// <summary>The clients with restricted egress.</summary>
    public IReadOnlyList<Restriction> Bound => _bound;

    private IEnumerable<DeclaredWorkload> Workloads() => _view.Workloads.Where(workload => workload.HasOwnPods)
        .Concat(_view.GoneWorkloads)
        .Concat(_declarations.Intents.Select(declared => Declarations.ClientOf(declared.Entity))
            .Where(reference => reference.Selector is not null)
            .SelectMany(reference => _view.MeaningOf(reference).Present))
        .DistinctBy(workload => (workload.Kind, workload.Namespace, workload.Name));

    // See IngressOracle.
    private void LeaveOthers(Predicate<Subject> stays)
    {
        var known = _bound.Select(restriction => restriction.Subject.Id).ToHashSet();
        foreach (var subject in _past.Restricted.Values.Where(subject => subject.Direction == Subject.Egress && !known.Contains(subject.Id)))
        {
            var isLeft = _view.HasNamespace(subject.Namespace)
                && _view.GetSettings(subject.Namespace) is { Mode: not EnforcementMode.Disabled, Egress: true }
                && !_view.NameConflicts.Contains(subject.Id)
                && !_dns.IsPartOf(subject)
                && stays(subject);
            if (isLeft && _view.IsTerminating(subject.Namespace))
            {
                _bound.Add(new Restriction(subject, Standing.Frozen, IsSure: true, []));
            }
            else if (isLeft && HasKept(subject.Namespace))
            {
                _bound.Add(new Restriction(subject, Standing.Kept, IsSure: false, []));
            }
        }
    }

    private bool HasKept(string @namespace) => _declarations.KeptIntents.Any(declared => declared.Entity.Metadata.NamespaceProperty == @namespace);

    // A declaration whose targets are all unsupported must not restrict its client, or it would deny exactly these targets.
    private static bool SaysWhere(ClientIntents intents) =>
        intents.Spec.Targets.Exists(target => target.Kubernetes is not null || target.Service is not null || target.Internet is not null);

    private Claim ClaimOn(DeclaredWorkload client) =>
        _view.GetSettings(client.Namespace) is not { Mode: EnforcementMode.Enforce, Egress: true }
            ? Claim.None
            : IntentsOf(client)
                .Where(declared => SaysWhere(declared.Entity))
                .Select(declared =>
                {
                    var one = _view.MeaningOf(Declarations.ClientOf(declared.Entity)).One;
                    return one is null || declared.IsKept ? Claim.Possible : one.HostNetwork ? Claim.None : Claim.Certain;
                })
                .DefaultIfEmpty(Claim.None)
                .Max();

    private IEnumerable<Declared<ClientIntents>> IntentsOf(DeclaredWorkload client) =>
        _declarations.Intents.Where(declared => _declarations.Means(Declarations.ClientOf(declared.Entity), client));

    private IEnumerable<Opening> OpeningsOf(DeclaredWorkload client)
    {
        var protections = _declarations.Protections.Where(declared => _declarations.Means(Declarations.ServerOf(declared.Entity), client));
        if (protections.All(declared => declared.Entity.Spec.OwnPods != false))
        {
            yield return new Opening(Certainty.Settled) { Pods = Subject.Of(client, Subject.Egress).Has };
        }

        var rule = _view.GetSettings(client.Namespace);
        var targets = IntentsOf(client).SelectMany(declared => OpenWorkloads(declared).Concat(OpenServices(declared)).Concat(OpenInternet(declared)));
        foreach (var opening in (rule.Dns ? _dns.Open(rule) : []).Concat(targets))
        {
            yield return opening;
        }
    }

    // An ambiguous name allows egress to each of its workloads: that isolates nothing, and ingress still applies to each server.
    private IEnumerable<Opening> OpenWorkloads(Declared<ClientIntents> intents) =>
        from call in Declarations.WorkloadCallsOf(intents)
        where _view.CanBeNamed(call.Server.Namespace)
        let meaning = _view.MeaningOf(call.Server)
        from server in meaning.All
        where !server.HostNetwork
        select new Opening(CertaintyOf(intents, meaning.Present.Count > 0))
        {
            Source = intents.Entity.Metadata.Uid,
            Pods = server.Owns,
            Doors = (door, pod) => WrittenPort.Includes(call.Target.Ports, door, pod, _view.Defaults),
        };

    private IEnumerable<Opening> OpenServices(Declared<ClientIntents> intents) =>
        from call in Declarations.ServiceCallsOf(intents)
        where _view.CanBeNamed(call.Server.Namespace)
        from service in _view.Services.Concat(_view.GoneServices)
        where service.Metadata.NamespaceProperty == call.Server.Namespace && service.Metadata.Name == call.Server.Name && ServicePorts.HasPods(service)
        select new Opening(CertaintyOf(intents, _view.Services.Contains(service)))
        {
            Source = intents.Entity.Metadata.Uid,
            Pods = Subject.Of(service).Has,
            Doors = (door, pod) => ServicePorts.Leads(service, call.Target.Ports, door, pod),
        };

    private IEnumerable<Opening> OpenInternet(Declared<ClientIntents> intents) =>
        from target in intents.Entity.Spec.Targets.Select(target => target.Internet).OfType<InternetTarget>()
        from range in target.Ips ?? []
        select new Opening(CertaintyOf(intents, isPresent: true))
        {
            Source = intents.Entity.Metadata.Uid,
            Addresses = address => IsIn(range, address),
            Doors = (door, _) => WrittenPort.Includes(target.Ports, door, null, _view.Defaults),
        };

    private static Certainty CertaintyOf(Declared<ClientIntents> intents, bool isPresent) =>
        intents.IsKept ? Certainty.Kept : isPresent ? Certainty.Settled : Certainty.Remembered;

    private static bool IsIn(string range, IPAddress address) =>
        IPNetwork.Parse(range.Contains('/', StringComparison.Ordinal) ? range : $"{range}/32").Contains(address);
}
