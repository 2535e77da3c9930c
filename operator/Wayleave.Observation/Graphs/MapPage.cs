using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Wayleave.Observation.Graphs;

/// <summary>What the page says about itself.</summary>
/// <param name="Scope">What it shows, in words.</param>
/// <param name="MadeAt">When the map was read.</param>
internal sealed record MapPageTitle(string Scope, DateTimeOffset MadeAt)
{
    /// <summary>The node to start with. Null to start with the namespaces.</summary>
    public GraphNode? Around { get; init; }

    /// <summary>How many calls away from that node.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Whether calls of components of the cluster are shown at first.</summary>
    public bool ShowsInfrastructure { get; init; }

    /// <param name="namespace">The namespace of the callers. Null for all.</param>
    /// <param name="madeAt">When the map was read.</param>
    public static MapPageTitle For(string? @namespace, DateTimeOffset madeAt) =>
        new(@namespace is null ? "All namespaces" : $"Calls of namespace {@namespace}", madeAt);
}

/// <summary>
/// The map as one HTML page that needs no network: the graph as data, the layout library, and a script. Its policy allows exactly these
/// scripts and this style, by their hashes, and nothing else.
/// </summary>
internal static partial class MapPage
{
    /// <summary>More nodes are listed and not drawn, because their layout takes too long.</summary>
    public const int MaxNodes = 250;

    private static readonly string _library = $"/*!\n@dagrejs/dagre 3.1.3\n\n{Read("dagre.LICENSE.txt")}*/\n{Read("dagre.min.js")}";
    private static readonly string _script = Read("map.js");
    private static readonly string _style = Read("map.css");

    /// <summary>The Content-Security-Policy of the page, which is also in it.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; script-src {HashOf(_library)} {HashOf(_script)}; style-src {HashOf(_style)}; base-uri 'none'; form-action 'none'";

    public static string Write(CallGraph graph, MapPageTitle title)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["{policy}"] = Policy,
            ["{style}"] = _style,
            ["{library}"] = _library,
            ["{script}"] = _script,
            ["{data}"] = WriteData(graph, title),
        };
        return PartPattern().Replace(Read("map.html"), part => parts[part.Value]);
    }

    [GeneratedRegex(@"\{(policy|style|library|script|data)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PartPattern();

    // The default encoder escapes everything that could end the element or be read as markup.
    private static string WriteData(CallGraph graph, MapPageTitle title)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default }))
        {
            var places = graph.Nodes.Select((node, index) => (node, index)).ToDictionary(entry => entry.node, entry => entry.index);
            writer.WriteStartObject();
            writer.WriteString("scope", title.Scope);
            writer.WriteString("made", Format(title.MadeAt.UtcDateTime));
            writer.WriteNumber("maxNodes", MaxNodes);
            writer.WriteBoolean("infrastructure", title.ShowsInfrastructure);
            WriteCenter(writer, places, title);
            writer.WriteStartArray("nodes");
            graph.Nodes.ToList().ForEach(node => WriteNode(writer, node));
            writer.WriteEndArray();
            writer.WriteStartArray("edges");
            graph.Edges.ToList().ForEach(edge => WriteEdge(writer, edge, places));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteCenter(Utf8JsonWriter writer, Dictionary<GraphNode, int> places, MapPageTitle title)
    {
        writer.WriteNumber("depth", title.Depth);
        if (title.Around is { } center && places.TryGetValue(center, out var place))
        {
            writer.WriteNumber("around", place);
        }
        else
        {
            writer.WriteNull("around");
        }
    }

    private static void WriteNode(Utf8JsonWriter writer, GraphNode node)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue((int)node.Kind);
        writer.WriteStringValue(node.Namespace);
        writer.WriteStringValue(node.Name);
        writer.WriteEndArray();
    }

    private static void WriteEdge(Utf8JsonWriter writer, GraphEdge edge, Dictionary<GraphNode, int> places)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(places[edge.From]);
        writer.WriteNumberValue(places[edge.To]);
        writer.WriteNumberValue((int)edge.State);
        writer.WriteStringValue(edge.Ports);
        writer.WriteStringValue(edge.Label);
        writer.WriteBooleanValue(edge.IsInfrastructure);
        writer.WriteStringValue(edge.Calls.Count == 0 ? "" : Format(edge.Calls.Min(call => call.Call.First)));
        writer.WriteStringValue(edge.Calls.Count == 0 ? "" : Format(edge.Calls.Max(call => call.Call.Last)));
        writer.WriteStringValue(edge.Calls.Select(call => call.Call.Connections).MaxBy(text => text.Length) ?? "");
        writer.WriteEndArray();
    }

    private static string Format(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(MapPage).Assembly.GetManifestResourceStream($"page/{name}")!);
        return reader.ReadToEnd();
    }
}
