using Wayleave.Api;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Observing;

/// <summary>
/// Finds in the caches what the network mapper has seen of the clients of declarations, and the declarations of the clients that it has
/// seen. Only of the local cluster.
/// </summary>
internal sealed class ObservedCallReader : IServerDirectory
{
    private readonly DeclarationCache _declarations;
    private readonly ClusterCache _cluster;

    public ObservedCallReader(DeclarationCache declarations, ClusterCache cluster)
    {
        (_declarations, _cluster) = (declarations, cluster);
        Finder = new UndeclaredCallFinder(this);
    }

    public UndeclaredCallFinder Finder { get; }

    /// <summary>Whether the map is read at all.</summary>
    public bool IsEnabled => _declarations.Observed is not null;

    /// <summary>Whether the map is read, and the API server serves it.</summary>
    public bool IsServed => _declarations.Observed is { IsEnabled: true };

    /// <summary>Whether the first list of the map is complete.</summary>
    public bool HasSynced => Observed is not null;

    /// <summary>What was seen of all clients. Empty until the first list is complete.</summary>
    public IReadOnlyList<ObservedIntents> All => Observed?.Store.List() ?? [];

    private OptionalInformer<ObservedIntents>? Observed =>
        _declarations.Observed is { IsEnabled: true, HasSynced: true } observed ? observed : null;

    /// <summary>Adds handlers, if the map is read: for each change, and for the end of the first list.</summary>
    public void AddHandler(Action<ObservedIntents?, ObservedIntents?> changed, Action synced)
    {
        if (_declarations.Observed is { } observed)
        {
            observed.AddHandler(changed);
            observed.OnSynced += synced;
        }
    }

    /// <summary>The seen calls of the client of a declaration. Null if it was not seen, or if its declarations are not known.</summary>
    public ObservedSummary? Summarize(ClientIntents intents)
    {
        var seen = FindObserved(intents);
        return seen.Count == 0 ? null : ObservedSummary.Create(seen.Select(observed => (observed, GetDeclared(observed))), Finder);
    }

    /// <summary>What was seen of the client of a declaration: several objects if it means several workloads.</summary>
    public IReadOnlyList<ObservedIntents> FindObserved(ClientIntents intents)
    {
        var parsed = intents.Parse();
        if (Observed is not { } map || parsed.Client is not { } client || !ClusterSelectionMatcher.IncludesLocal(parsed.Clusters))
        {
            return [];
        }

        var candidates = client.Selector is null
            ? map.Store.ByIndex(Indexers.Client, Indexers.GetClientKey(client.Namespace, client.Name))
            : map.Store.ByIndex(Indexers.Namespace, client.Namespace);
        return [.. candidates.Where(observed => IsClient(client, observed))];
    }

    /// <summary>The declarations of a client that was seen.</summary>
    public IReadOnlyList<ClientIntents> FindDeclarations(ObservedIntents observed)
    {
        var @namespace = observed.Metadata.NamespaceProperty ?? "";
        return
        [
            .. _cluster.Intents.Store.ByIndex(Indexers.Client, Indexers.GetClientKey(@namespace, observed.Workload.Name))
                .Concat(_cluster.Intents.Store.ByIndex(Indexers.Selector, @namespace))
                .Where(intents => intents.Parse().Client is { } client && client.Namespace == @namespace && IsClient(client, observed))
                .DistinctBy(intents => intents.Metadata.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>All that the declarations of a client that was seen declare.</summary>
    public DeclaredCalls GetDeclared(ObservedIntents observed) => new(FindDeclarations(observed));

    /// <summary>The workload of a client that was seen. Null if it does not exist now.</summary>
    public Workload? FindClient(ObservedIntents observed) =>
        FindWorkloads(observed.Metadata.NamespaceProperty ?? "", observed.Workload.Name)
            .FirstOrDefault(workload => workload.Kind.Name() == observed.Workload.Kind);

    public IReadOnlyList<Workload> FindWorkloads(string @namespace, string name) => _cluster.Workloads.Find(@namespace, name);

    public PartialService? FindService(string @namespace, string name) =>
        _cluster.Services.Store.Get(new NamespacedName(@namespace, name));

    public IReadOnlyList<Workload> FindBackends(PartialService service) => _cluster.FindBackends(service);

    private bool IsClient(ParsedWorkloadRef client, ObservedIntents observed) => client.Selector is { } selector
        ? FindClient(observed) is { } workload && SelectorMatch.Matches(selector, workload.PodLabels)
        : client.Name == observed.Workload.Name && (client.Kind is null || client.Kind.Value.Name() == observed.Workload.Kind);
}
