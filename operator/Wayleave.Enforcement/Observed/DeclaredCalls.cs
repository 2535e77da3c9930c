using System.Net;
using Wayleave.Api;
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
