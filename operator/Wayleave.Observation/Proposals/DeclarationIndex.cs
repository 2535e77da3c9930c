using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Observation.Proposals;

/// <summary>What the cluster has beside the map. Without it, what depends on it counts as declared.</summary>
internal sealed record MapFacts
{
    public static MapFacts None { get; } = new();

    /// <summary>A workload with its labels and ports. Null if it is not known.</summary>
    public Func<WorkloadId, Workload?> FindWorkload { get; init; } = static _ => null;

    /// <summary>A Service. Null if it is not known.</summary>
    public Func<NamespacedName, PartialServiceSpec?> FindService { get; init; } = static _ => null;
}

/// <summary>A target of a ClientIntents that is in force or could be.</summary>
/// <param name="Client">The kind is empty if the declaration names none.</param>
/// <param name="Reference">The client as it is declared.</param>
/// <param name="Index">Its place in <c>spec.targets</c>.</param>
internal sealed record Declaration(
    WorkloadId Client, ParsedWorkloadRef Reference, NamespacedName Intents, int Index, IntentTarget Source, DeclaredTarget Parsed);

/// <summary>Answers whether a call is declared. Immutable; safe for any number of threads.</summary>
internal sealed class DeclarationIndex
{
    private readonly ILookup<(string Namespace, string Name), Declaration> _byName;
    private readonly ILookup<string, Declaration> _bySelector;
    private readonly TargetMatcher _matcher;

    /// <param name="all">ClientIntents. Those that are being deleted, and those that are only for member clusters, declare nothing.</param>
    /// <param name="facts">What is known of the cluster.</param>
    public DeclarationIndex(IEnumerable<ClientIntents> all, MapFacts facts)
    {
        _matcher = new TargetMatcher(facts);
        Declarations = [.. all.Where(IsInForce).SelectMany(ReadTargets)];
        _byName = Declarations.Where(one => one.Reference.Selector is null).ToLookup(one => (one.Client.Namespace, one.Client.Name));
        _bySelector = Declarations.Where(one => one.Reference.Selector is not null).ToLookup(one => one.Client.Namespace);
    }

    /// <summary>All targets, in the order of the objects.</summary>
    public IReadOnlyList<Declaration> Declarations { get; }

    public static bool IsInForce(ClientIntents intents) =>
        intents.Metadata.DeletionTimestamp is null && ClusterSelectionMatcher.IncludesLocal(intents.Spec.Clusters);

    /// <summary>Whether a ClientIntents declares the call, with all its ports.</summary>
    public bool IsDeclared(SeenCall call)
    {
        List<Declaration> targets = [.. _byName[(call.Client.Namespace, call.Client.Name)].Concat(_bySelector[call.Client.Namespace])
            .Where(declaration => IsOf(declaration, call.Client))];
        return call.ParsedPorts.Count == 0
            ? targets.Exists(target => _matcher.Covers(target, call, []))
            : call.ParsedPorts.All(port => targets.Exists(target => _matcher.Covers(target, call, [port])));
    }

    /// <summary>Whether a declaration is about a client of the map.</summary>
    public bool IsOf(Declaration declaration, WorkloadId client) =>
        declaration.Reference.Selector is null ? declaration.Client.CanBe(client) : _matcher.Selects(declaration.Reference, client);

    /// <summary>The part of a target that no call was seen of. Null if all of it was seen.</summary>
    /// <param name="calls">The calls of the client.</param>
    public UnseenTarget? FindUnseen(Declaration declaration, IReadOnlyList<SeenCall> calls) => _matcher.FindUnseen(declaration, calls);

    // What is refused declares nothing. What is only not supported yet is declared all the same.
    private static IEnumerable<Declaration> ReadTargets(ClientIntents intents)
    {
        var parsed = intents.Parse();
        if (parsed.Client is not { } client)
        {
            yield break;
        }

        var id = new WorkloadId(client.Namespace, client.Selector is null ? client.Kind?.Name() ?? "" : "", client.Name);
        foreach (var target in parsed.Targets.Where(target => target.Result is null or { State: TargetStates.NotSupported }))
        {
            var source = intents.Spec.Targets[target.Index];
            yield return new Declaration(id, client, NamespacedName.From(intents), target.Index, source, target);
        }
    }
}
