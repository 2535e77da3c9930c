using System.Globalization;
using System.Text;

namespace Wayleave.Observation.Graphs;

/// <summary>Writes a graph as a flowchart of Mermaid, which GitHub and GitLab show.</summary>
internal static class MermaidWriter
{
    /// <summary>Mermaid refuses more (its option <c>maxEdges</c>).</summary>
    public const int MaxEdges = 500;

    /// <summary>Mermaid refuses more characters (its option <c>maxTextSize</c>).</summary>
    public const int MaxLength = 50_000;

    public static string Write(CallGraph graph)
    {
        var text = new StringBuilder("flowchart LR\n");
        var ids = graph.Nodes.Select((node, index) => (node, index)).ToDictionary(entry => entry.node, entry => $"n{entry.index.ToString(CultureInfo.InvariantCulture)}");
        var groups = 0;
        foreach (var group in graph.Nodes.GroupBy(node => node.Namespace).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var isNamespace = group.Key.Length > 0;
            if (isNamespace)
            {
                text.Append(CultureInfo.InvariantCulture, $"  subgraph s{groups++}[\"{Escape(group.Key)}\"]\n");
            }

            foreach (var node in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {ids[node]}{ShapeOf(node, Escape(node.Name))}\n");
            }

            text.Append(isNamespace ? "  end\n" : "");
        }

        AppendEdges(text, graph, ids);
        return text.ToString();
    }

    private static void AppendEdges(StringBuilder text, CallGraph graph, Dictionary<GraphNode, string> ids)
    {
        foreach (var edge in graph.Edges)
        {
            var label = edge.Ports.Length == 0 ? edge.Label : $"{edge.Ports} {edge.Label}";
            text.Append(CultureInfo.InvariantCulture, $"  {ids[edge.From]} {ArrowOf(edge.State)}|\"{Escape(label)}\"| {ids[edge.To]}\n");
        }

        foreach (var (state, style) in new[]
        {
            (GraphEdgeState.Declared, "stroke:#1a7f37"), (GraphEdgeState.Undeclared, "stroke:#bc4c00,stroke-width:2px,stroke-dasharray:6 3"),
            (GraphEdgeState.Unseen, "stroke:#6e7781,stroke-dasharray:2 3"), (GraphEdgeState.Unanswered, "stroke:#cf222e,stroke-width:2px"),
        })
        {
            var numbers = graph.Edges
                .Select((edge, index) => (edge, index))
                .Where(entry => entry.edge.State == state)
                .Select(entry => entry.index)
                .ToList();
            if (numbers.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"  linkStyle {string.Join(',', numbers)} {style}\n");
            }
        }
    }

    // Mermaid knows entities of HTML in its own form, and reads markup in what it does not.
    private static string Escape(string text) => string.Concat(SafeText.Clean(text).Select(letter =>
        char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '.' or '/' or ':' or ',' or '_' ? letter.ToString() : $"#{(int)letter};"));

    private static string ShapeOf(GraphNode node, string label) => node.Kind switch
    {
        GraphNodeKind.Outside => $"([\"{label}\"])",
        GraphNodeKind.Service => $"{{{{\"{label}\"}}}}",
        _ => $"[\"{label}\"]",
    };

    private static string ArrowOf(GraphEdgeState state) => state switch
    {
        GraphEdgeState.Declared => "-->",
        GraphEdgeState.Undeclared => "-->",
        GraphEdgeState.Unseen => "-.->",
        _ => "--x",
    };
}
