using Wayleave.Observation.Proposals;

namespace Wayleave.Observation.Graphs;

/// <summary>What a node stands for.</summary>
internal enum GraphNodeKind
{
    /// <summary>A workload of the cluster.</summary>
    Workload,

    /// <summary>A Service, a Kafka server or another target in the cluster that is no workload.</summary>
    Service,

    /// <summary>A domain or an address outside the cluster.</summary>
    Outside,
}

/// <summary>How a call is drawn.</summary>
internal enum GraphEdgeState
{
    /// <summary>Seen and declared.</summary>
    Declared,

    /// <summary>Seen and not declared.</summary>
    Undeclared,

    /// <summary>Declared and never seen.</summary>
    Unseen,

    /// <summary>Refused, or not answered.</summary>
    Unanswered,
}

/// <param name="Namespace">Empty outside the cluster.</param>
/// <param name="Name">With its kind for a workload: <c>deployment/cart</c>.</param>
internal sealed record GraphNode(GraphNodeKind Kind, string Namespace, string Name)
{
    /// <summary>For the order. A domain can have that of a workload, such as <c>cart.shop</c>.</summary>
    public string Id => Namespace.Length == 0 ? Name : $"{Name}.{Namespace}";
}

/// <summary>The calls of one client to one server in one state.</summary>
/// <param name="Ports">Empty if they are not known. Between namespaces the number of calls.</param>
/// <param name="Calls">Empty for what was never seen.</param>
internal sealed record GraphEdge(GraphNode From, GraphNode To, GraphEdgeState State, string Ports, IReadOnlyList<SeenCall> Calls)
{
    /// <summary>The state in a word, and whether a call that failed was refused.</summary>
    public string Label => State switch
    {
        GraphEdgeState.Declared => "declared",
        GraphEdgeState.Undeclared => "undeclared",
        GraphEdgeState.Unseen => "never seen",
        _ when Calls.All(call => call.Call.Outcome == Api.ObservedOutcomes.Resolved) => "only resolved",
        _ => Calls.Any(call => call.Call.Outcome == Api.ObservedOutcomes.Refused) ? "refused" : "unanswered",
    };

    public bool IsInfrastructure => Calls.Count > 0 && Calls.All(call => call.IsInfrastructure);
}

/// <summary>The map as a graph. Immutable; its order is stable.</summary>
internal sealed record CallGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges)
{
    /// <summary>The part of the graph that is at most some calls away from a node, in either direction.</summary>
    public CallGraph Around(Func<GraphNode, bool> isCenter, int depth)
    {
        var neighbors = Edges.SelectMany(edge => new[] { (One: edge.From, Other: edge.To), (One: edge.To, Other: edge.From) })
            .ToLookup(pair => pair.One, pair => pair.Other);
        var found = Nodes.Where(isCenter).ToHashSet();
        var frontier = found.ToList();
        for (var step = 0; step < depth; step++)
        {
            frontier = [.. frontier.SelectMany(node => neighbors[node]).Where(found.Add)];
        }

        return Where(edge => found.Contains(edge.From) && found.Contains(edge.To)) with { Nodes = [.. Nodes.Where(found.Contains)] };
    }

    /// <summary>The graph with some of the edges, and the nodes that they connect.</summary>
    public CallGraph Where(Func<GraphEdge, bool> includes)
    {
        List<GraphEdge> edges = [.. Edges.Where(includes)];
        var nodes = edges.SelectMany(edge => new[] { edge.From, edge.To }).ToHashSet();
        return new CallGraph([.. Nodes.Where(nodes.Contains)], edges);
    }

    /// <summary>The graph of namespaces: an edge for each state of the calls between two of them.</summary>
    public CallGraph ByNamespace()
    {
        List<GraphEdge> edges =
        [
            .. Edges.GroupBy(edge => (From: Collapse(edge.From), To: Collapse(edge.To), edge.State))
                .OrderBy(group => group.Key.From.Id, StringComparer.Ordinal)
                .ThenBy(group => group.Key.To.Id, StringComparer.Ordinal)
                .ThenBy(group => group.Key.State)
                .Select(group => new GraphEdge(
                    group.Key.From, group.Key.To, group.Key.State, group.Count() == 1 ? "1 call" : $"{group.Count()} calls",
                    [.. group.SelectMany(edge => edge.Calls)])),
        ];
        return new CallGraph([.. Nodes.Select(Collapse).Distinct().OrderBy(node => node.Id, StringComparer.Ordinal)], edges);
    }

    private static GraphNode Collapse(GraphNode node) => node.Kind == GraphNodeKind.Outside
        ? new GraphNode(GraphNodeKind.Outside, "", "outside the cluster")
        : new GraphNode(GraphNodeKind.Workload, "", node.Namespace);
}
