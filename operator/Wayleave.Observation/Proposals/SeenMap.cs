using Wayleave.Api;

namespace Wayleave.Observation.Proposals;

/// <summary>A workload of the map.</summary>
/// <param name="Kind">One of <see cref="WorkloadKindNames"/>. Empty if it is not known.</param>
internal readonly record struct WorkloadId(string Namespace, string Kind, string Name)
{
    /// <summary>As kubectl names it, without the namespace: <c>deployment/cart</c>.</summary>
    public string ShortName => Kind.Length == 0 ? Name : $"{Kind.ToLowerInvariant()}/{Name}";

    /// <summary><c>deployment/cart.shop</c>.</summary>
    public override string ToString() => $"{ShortName}.{Namespace}";

    /// <summary>Whether both can be the same workload: a kind that is not known can be any.</summary>
    public bool CanBe(WorkloadId other) => Namespace == other.Namespace && Name == other.Name
        && (Kind.Length == 0 || other.Kind.Length == 0 || Kind == other.Kind);
}

/// <summary>A workload that calls, with everything that it was seen calling.</summary>
/// <param name="Since">The time since which the mapper has observed it.</param>
/// <param name="Truncated">Whether there were more calls than an object can have.</param>
/// <param name="Calls">In order.</param>
internal sealed record SeenClient(WorkloadId Id, DateTime Since, bool Truncated, IReadOnlyList<SeenCall> Calls);

/// <summary>What the mapper has seen, in a stable order. Objects that describe no workload are left out.</summary>
internal sealed record SeenMap(IReadOnlyList<SeenClient> Clients)
{
    public IEnumerable<SeenCall> Calls => Clients.SelectMany(client => client.Calls);

    /// <summary>
    /// Reads the objects that the mapper wrote. Anyone with the right may have changed them, so nothing is taken for granted.
    /// </summary>
    public static SeenMap Read(IEnumerable<ObservedIntents> objects) => new(
    [
        .. objects.Where(one => one.Workload is { Name.Length: > 0, Kind: not null })
            .Select(ReadClient)
            .Where(client => client.Calls.Count > 0)
            .OrderBy(client => client.Id.Namespace, StringComparer.Ordinal)
            .ThenBy(client => client.Id.Name, StringComparer.Ordinal)
            .ThenBy(client => client.Id.Kind, StringComparer.Ordinal),
    ]);

    private static SeenClient ReadClient(ObservedIntents one)
    {
        var id = new WorkloadId(one.Metadata.NamespaceProperty ?? "", one.Workload.Kind, one.Workload.Name);
        var calls = (one.Calls ?? [])
            .Where(call => call is { Target: not null, Sources: not null, Outcome: not null, Connections: not null })
            .Select(call => new SeenCall(id, call))
            .Where(call => call.TargetType != TargetTypes.Unknown)
            .OrderBy(call => call.Order)
            .ThenBy(call => call.TargetName, StringComparer.Ordinal)
            .ThenBy(call => call.PortText, StringComparer.Ordinal)
            .ThenBy(call => call.Call.Outcome, StringComparer.Ordinal);
        return new SeenClient(id, one.Since, one.Truncated == true, [.. calls]);
    }
}
