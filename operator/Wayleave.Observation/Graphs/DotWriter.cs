using System.Globalization;
using System.Text;

namespace Wayleave.Observation.Graphs;

/// <summary>Writes a graph in the language of Graphviz.</summary>
internal static class DotWriter
{
    /// <summary>Beyond this, <c>dot</c> takes minutes.</summary>
    public const int SlowNodes = 250;

    public static string Write(CallGraph graph)
    {
        var text = new StringBuilder("digraph wayleave {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n");
        var ids = graph.Nodes.Select((node, index) => (node, index)).ToDictionary(entry => entry.node, entry => $"n{entry.index.ToString(CultureInfo.InvariantCulture)}");
        foreach (var group in graph.Nodes.GroupBy(node => node.Namespace).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var isNamespace = group.Key.Length > 0;
            if (isNamespace)
            {
                text.Append(CultureInfo.InvariantCulture, $"  subgraph \"cluster_{Escape(group.Key)}\" {{\n    label=\"{Escape(group.Key)}\";\n");
            }

            foreach (var node in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {ids[node]} [label=\"{Escape(node.Name)}\"{ShapeOf(node)}];\n");
            }

            text.Append(isNamespace ? "  }\n" : "");
        }

        foreach (var edge in graph.Edges)
        {
            var label = edge.Ports.Length == 0 ? edge.Label : $"{edge.Ports} {edge.Label}";
            text.Append(CultureInfo.InvariantCulture, $"  {ids[edge.From]} -> {ids[edge.To]} [label=\"{Escape(label)}\", {StyleOf(edge.State)}];\n");
        }

        return text.Append("}\n").ToString();
    }

    // In a quoted string a backslash starts an escape, and a line break ends a line of the file for some readers.
    private static string Escape(string text) => SafeText.Clean(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string ShapeOf(GraphNode node) => node.Kind switch
    {
        GraphNodeKind.Outside => ", shape=ellipse",
        GraphNodeKind.Service => ", shape=hexagon",
        _ => "",
    };

    private static string StyleOf(GraphEdgeState state) => state switch
    {
        GraphEdgeState.Declared => "color=\"#1a7f37\", style=solid",
        GraphEdgeState.Undeclared => "color=\"#bc4c00\", style=dashed, penwidth=2",
        GraphEdgeState.Unseen => "color=\"#6e7781\", style=dotted",
        _ => "color=\"#cf222e\", style=\"dashed,bold\", arrowhead=tee",
    };
}

/// <summary>Text that other programs show.</summary>
internal static class SafeText
{
    /// <summary>On one line, without control characters and without invisible characters that change how the rest is shown.</summary>
    public static string Clean(string text) => string.Concat(text.Select(letter => IsUnsafe(letter) ? '?' : letter));

    private static bool IsUnsafe(char letter) => char.IsControl(letter) || char.IsSurrogate(letter)
        || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
