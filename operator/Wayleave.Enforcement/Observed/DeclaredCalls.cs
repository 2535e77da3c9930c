using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Enforcement.Observed;

/// <summary>The targets of all ClientIntents of one client. Immutable.</summary>
public sealed class DeclaredCalls
{
    private readonly ILookup<PolicyKey, TargetReference> _servers;
    private readonly ILookup<string, TargetReference> _selectors;
    private readonly ILookup<string, TargetReference> _services;

    /// <param name="declarations">The ClientIntents of the client.</param>
    public DeclaredCalls(IEnumerable<ClientIntents> declarations)
    {
        ClientIntents[] all = [.. declarations.Where(intents => intents.Metadata.DeletionTimestamp is null)];
        IsKnown = all.All(intents => !intents.Parse().IsRetained);
        IsEmpty = all.Length == 0;
        TargetReference[] references =
            [.. all.SelectMany(intents => intents.Parse().Targets).Select(target => target.Reference).OfType<TargetReference>()];
        _servers = references.Where(reference => reference.Workload?.Selector is null).ToLookup(reference => reference.Server);
        _selectors = references.Where(reference => reference.Workload?.Selector is not null)
            .ToLookup(reference => reference.Server.Namespace, StringComparer.Ordinal);
        _services = references.Where(reference => reference.Server.Type == SubjectType.Service)
            .ToLookup(reference => reference.Server.Namespace, StringComparer.Ordinal);
        Internet = [.. all.SelectMany(InternetTargets)];
    }

    /// <summary>
    /// False while an earlier generation of a ClientIntents stays in force, because the present one is invalid: its targets are not known.
    /// </summary>
    public bool IsKnown { get; }

    /// <summary>Whether the client has no ClientIntents.</summary>
    public bool IsEmpty { get; }

    internal IReadOnlyList<DeclaredInternet> Internet { get; }

    /// <summary>The targets that name a workload or a Service by its name.</summary>
    internal IEnumerable<TargetReference> Naming(PolicyKey server) => _servers[server];

    /// <summary>The targets that name Pods of a namespace by their labels.</summary>
    internal IEnumerable<TargetReference> SelectingIn(string @namespace) => _selectors[@namespace];

    /// <summary>The targets that name Services of a namespace.</summary>
    internal IEnumerable<TargetReference> ServicesIn(string @namespace) => _services[@namespace];

    private static IEnumerable<DeclaredInternet> InternetTargets(ClientIntents intents) => intents.Parse().Targets
        .Where(target => target.Internet is not null)
        .Select(target => new DeclaredInternet(target.Internet!, Resolved(intents, target.Index)));

    // What the domains of the target resolved to, as its status says.
    private static IPAddress[] Resolved(ClientIntents intents, int index) =>
        intents.Status is { Targets: { } targets } status
        && status.ObservedGeneration == intents.Metadata.Generation
        && index < targets.Count
            ? [.. (targets[index].Addresses ?? []).Select(ParsedCall.ParseAddress).OfType<IPAddress>()]
            : [];
}

/// <summary>A declared target outside the cluster.</summary>
/// <param name="Target">The target.</param>
/// <param name="Resolved">The addresses that its domains resolved to.</param>
internal sealed record DeclaredInternet(InternetReference Target, IReadOnlyList<IPAddress> Resolved)
{
    /// <summary>Whether it allows a port; null for a call of which no port is known.</summary>
    public bool CoversPort(PolicyPort? port) => Target.Ports.Count == 0 || port is not { } called
        || Target.Ports.Any(declared => declared.ToPolicyPort().Includes(called));

    /// <summary>Whether it names a domain, or includes all addresses that DNS answered for it.</summary>
    public bool CoversDomain(string domain, IReadOnlyList<IPAddress> answered) =>
        (Target.Domains.Any(declared => DomainPattern.Includes(declared, domain)) && !(answered.Count > 0 && answered.All(IsExcluded)))
        || (answered.Count > 0 && answered.All(address => Target.Blocks.Any(block => block.Contains(address))));

    /// <summary>Whether it includes a whole range.</summary>
    public bool CoversRange(string range) =>
        Target.Blocks.Any(block => block.Includes(new AddressBlock(range)))
        || Resolved.Any(address => AddressRange.FromAddress(address) == range && !IsExcluded(address));

    private bool IsExcluded(IPAddress address) => Target.Except.Any(range => IPNetwork.Parse(range).Contains(address));
}
