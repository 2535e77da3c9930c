namespace Wayleave.Observation.Proposals;

/// <summary>What a declaration allows and the map does not have.</summary>
/// <param name="Target">The server, domains or addresses.</param>
/// <param name="Ports">Those that were not seen. Empty for every port.</param>
internal sealed record UnseenTarget(Declaration Declaration, string Target, string Ports);

/// <summary>How the map and the declarations of a workload differ.</summary>
/// <param name="Undeclared">Seen and not declared.</param>
/// <param name="Unseen">Declared and not seen.</param>
internal sealed record WorkloadDifference(WorkloadId Workload, IReadOnlyList<SeenCall> Undeclared, IReadOnlyList<UnseenTarget> Unseen);

/// <summary>Compares the map with what is declared.</summary>
internal static class MapComparison
{
    /// <summary>The workloads that differ, in order.</summary>
    /// <param name="filter">Which calls have to be declared. A call of any kind shows that a declaration is in use.</param>
    public static IReadOnlyList<WorkloadDifference> Compare(SeenMap map, DeclarationIndex declared, CallFilter filter)
    {
        var undeclared = map.Calls.Where(call => filter.Includes(call) && !declared.IsDeclared(call)).ToLookup(call => call.Client);
        var unseen = FindUnseen(map, declared).ToLookup(target => target.Client, target => target.Target);
        return
        [
            .. undeclared.Select(group => group.Key).Union(unseen.Select(group => group.Key))
                .Where(workload => filter.Client?.Invoke(workload) != false)
                .OrderBy(workload => workload.Namespace, StringComparer.Ordinal)
                .ThenBy(workload => workload.Name, StringComparer.Ordinal)
                .ThenBy(workload => workload.Kind, StringComparer.Ordinal)
                .Select(workload => new WorkloadDifference(workload, [.. undeclared[workload]], [.. unseen[workload]])),
        ];
    }

    /// <summary>What is declared and was not seen, by the client as the map names it, or as the declaration does.</summary>
    public static IEnumerable<(WorkloadId Client, UnseenTarget Target)> FindUnseen(SeenMap map, DeclarationIndex declared)
    {
        var byNamespace = map.Clients.ToLookup(client => client.Id.Namespace);
        var byName = map.Clients.ToLookup(client => (client.Id.Namespace, client.Id.Name));
        foreach (var declaration in declared.Declarations)
        {
            var candidates = declaration.Reference.Selector is null
                ? byName[(declaration.Client.Namespace, declaration.Client.Name)]
                : byNamespace[declaration.Client.Namespace];
            List<SeenClient> clients = [.. candidates.Where(client => declared.IsOf(declaration, client.Id))];
            if (declared.FindUnseen(declaration, [.. clients.SelectMany(client => client.Calls)]) is { } unseen)
            {
                yield return (clients.Count > 0 ? clients[0].Id : declaration.Client, unseen);
            }
        }
    }
}
