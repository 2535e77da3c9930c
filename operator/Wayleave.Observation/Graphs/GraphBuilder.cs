using Wayleave.Api;
using Wayleave.Observation.Proposals;

namespace Wayleave.Observation.Graphs;

/// <summary>Makes a graph of the map and of what is declared.</summary>
internal sealed class GraphBuilder
{
    private const string AnyKind = "";

    private readonly HashSet<GraphNode> _nodes = [];
    private readonly Dictionary<(GraphNode From, GraphNode To, GraphEdgeState State), (List<string> Ports, List<SeenCall> Calls)> _edges =
        [];
    private readonly ILookup<(string Namespace, string Name), WorkloadId> _workloads;

    private GraphBuilder(SeenMap map)
    {
        _workloads = map.Calls.Select(call => call.Server).OfType<WorkloadId>()
            .Concat(map.Clients.Select(client => client.Id))
            .Where(id => id.Kind != AnyKind)
            .Distinct()
            .ToLookup(id => (id.Namespace, id.Name));
    }

    /// <param name="filter">Which calls to draw. What was never seen is drawn unless the filter names targets.</param>
    public static CallGraph Build(SeenMap map, DeclarationIndex declared, CallFilter filter)
    {
        var builder = new GraphBuilder(map);
        foreach (var call in map.Calls.Where(filter.Includes))
        {
            var state = call.IsAttempt ? GraphEdgeState.Unanswered
                : declared.IsDeclared(call) ? GraphEdgeState.Declared : GraphEdgeState.Undeclared;
            foreach (var target in builder.TargetsOf(call.Call.Target, call.Client.Namespace))
            {
                builder.Add(call.Client, target, state, call.PortText, call);
            }
        }

        if (filter.Target is null)
        {
            var all = MapComparison.FindUnseen(map, declared);
            foreach (var (client, unseen) in all.Where(one => filter.Client?.Invoke(one.Client) != false))
            {
                foreach (var target in builder.TargetsOf(unseen.Declaration.Source, client.Namespace).Where(node => IsUnseen(node, unseen)))
                {
                    builder.Add(client, target, GraphEdgeState.Unseen, unseen.Ports, call: null);
                }
            }
        }

        return builder.Create();
    }

    // Of several domains or addresses, only those that were not seen.
    private static bool IsUnseen(GraphNode node, UnseenTarget unseen) => node.Kind != GraphNodeKind.Outside
        || unseen.Target.Split(',').Any(name => name == node.Name || name.StartsWith(node.Name + "/", StringComparison.Ordinal));

    private IEnumerable<GraphNode> TargetsOf(IntentTarget target, string @namespace) => target switch
    {
        { Kubernetes: { Name: { } name } workload } => [NodeOf(SeenCall.ReadName(name, @namespace, workload.Kind))],
        { Service.Name: { } name } => [NodeOf(GraphNodeKind.Service, SeenCall.ReadName(name, @namespace, "Service"))],
        { Internet: { } internet } =>
            (internet.Domains ?? []).Concat(internet.Ips ?? []).Select(name => new GraphNode(GraphNodeKind.Outside, "", name)),
        { Kafka.Name: { } name } => [NodeOf(GraphNodeKind.Service, SeenCall.ReadName(name, @namespace, "Kafka"))],
        { Sql.Name: { } name } => [new GraphNode(GraphNodeKind.Service, @namespace, $"sql/{name}")],
        _ => [],
    };

    private void Add(WorkloadId client, GraphNode to, GraphEdgeState state, string ports, SeenCall? call)
    {
        var from = NodeOf(client);
        _nodes.Add(from);
        _nodes.Add(to);
        var key = (from, to, state);
        if (!_edges.TryGetValue(key, out var edge))
        {
            _edges.Add(key, edge = ([], []));
        }

        edge.Ports.AddRange(ports.Split(',', StringSplitOptions.RemoveEmptyEntries));
        if (call is not null)
        {
            edge.Calls.Add(call);
        }
    }

    // A target without a kind is the workload of its name, if the map knows only one.
    private GraphNode NodeOf(WorkloadId id)
    {
        var known = id.Kind == AnyKind ? _workloads[(id.Namespace, id.Name)].ToList() : [];
        return NodeOf(GraphNodeKind.Workload, known.Count == 1 ? known[0] : id);
    }

    private static GraphNode NodeOf(GraphNodeKind kind, WorkloadId id) => new(kind, id.Namespace, id.ShortName);

    private CallGraph Create() => new(
        [.. _nodes.OrderBy(node => node.Id, StringComparer.Ordinal).ThenBy(node => node.Kind)],
        [
            .. _edges
                .Select(edge => new GraphEdge(
                    edge.Key.From, edge.Key.To, edge.Key.State, string.Join(",", edge.Value.Ports.Distinct(StringComparer.Ordinal)),
                    edge.Value.Calls))
                .OrderBy(edge => edge.From.Id, StringComparer.Ordinal)
                .ThenBy(edge => edge.To.Id, StringComparer.Ordinal)
                .ThenBy(edge => edge.State),
        ]);
}
