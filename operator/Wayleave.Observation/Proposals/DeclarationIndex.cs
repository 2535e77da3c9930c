using System.Collections.Concurrent;
using Wayleave.Api;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Observation.Proposals;

/// <summary>A target of a ClientIntents that is in force or could be.</summary>
/// <param name="Client">The kind is empty if the declaration names none.</param>
/// <param name="Reference">The client as it is declared.</param>
/// <param name="Index">Its place in <c>spec.targets</c>.</param>
internal sealed record Declaration(
    WorkloadId Client, ParsedWorkloadRef Reference, ClientIntents Owner, int Index, IntentTarget Source, DeclaredTarget Parsed)
{
    public NamespacedName Intents => NamespacedName.From(Owner);
}

/// <summary>Answers whether a call is declared. Immutable; safe for any number of threads.</summary>
internal sealed class DeclarationIndex
{
    private readonly ILookup<(string Namespace, string Name), Declaration> _byName;
    private readonly ILookup<string, Declaration> _bySelector;
    private readonly ConcurrentDictionary<WorkloadId, DeclaredCalls> _calls = new();
    private readonly UndeclaredCallFinder _finder;
    private readonly TargetMatcher _matcher;
    private readonly bool _areFactsKnown;

    /// <param name="all">ClientIntents. Those that are being deleted, and those that are only for member clusters, declare nothing.</param>
    /// <param name="facts">What is known of the cluster.</param>
    public DeclarationIndex(IEnumerable<ClientIntents> all, MapFacts facts)
    {
        _matcher = new TargetMatcher(facts);
        _finder = new UndeclaredCallFinder(facts);
        _areFactsKnown = facts.AreKnown;
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
        if (call.Parsed is not { } parsed)
        {
            // The operator enforces no target of this type yet.
            return TargetsOf(call.Client).Exists(target => TargetMatcher.IsSame(target.Source, call.Call.Target));
        }

        return _finder.FindUndeclared(parsed, _calls.GetOrAdd(call.Client, ReadCalls)) is null
            || (!_areFactsKnown && TargetsOf(call.Client).Exists(target => TargetMatcher.IsNamedLike(target, call)));
    }

    /// <summary>Whether a declaration is about a client of the map.</summary>
    public bool IsOf(Declaration declaration, WorkloadId client) =>
        declaration.Reference.Selector is null ? declaration.Client.CanBe(client) : _matcher.Selects(declaration.Reference, client);

    /// <summary>The part of a target that no call was seen of. Null if all of it was seen.</summary>
    /// <param name="calls">The calls of the client.</param>
    public UnseenTarget? FindUnseen(Declaration declaration, IReadOnlyList<SeenCall> calls) => _matcher.FindUnseen(declaration, calls);

    private DeclaredCalls ReadCalls(WorkloadId client) =>
        new(TargetsOf(client).Select(target => target.Owner).Distinct());

    private List<Declaration> TargetsOf(WorkloadId client) =>
    [
        .. _byName[(client.Namespace, client.Name)].Concat(_bySelector[client.Namespace]).Where(declaration => IsOf(declaration, client)),
    ];

    // What is refused declares nothing. What is only not supported yet is declared all the same.
    private static IEnumerable<Declaration> ReadTargets(ClientIntents intents)
    {
        var parsed = intents.Parse();
        if (parsed.Client is not { } client)
        {
            yield break;
        }

        var id = new WorkloadId(client.Namespace, client.Selector is null ? client.Kind?.Name() ?? "" : "", client.Name);
        foreach (var target in parsed.Targets.Where(target => target.Result is null or { State: TargetStateNames.NotSupported }))
        {
            var source = intents.Spec.Targets[target.Index];
            yield return new Declaration(id, client, intents, target.Index, source, target);
        }
    }
}
