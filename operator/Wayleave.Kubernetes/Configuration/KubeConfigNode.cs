using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>A mapping within a kubeconfig, and where it stands, for messages.</summary>
internal sealed class KubeConfigNode(YamlMappingNode mapping, string path)
{
    // Real ones nest eight deep. The loader recurses, and a stack that overflows takes the process with it.
    private const int Deepest = 32;

    public string Path { get; } = path;

    /// <param name="text">The YAML.</param>
    /// <param name="allowAliases">False: anchors and aliases, of which a kubeconfig has none, are refused.</param>
    public static KubeConfigNode Parse(string text, bool allowAliases = true)
    {
        var stream = new YamlStream();
        try
        {
            Check(text, allowAliases);
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            // The parser's own message may quote the file, and with it a credential.
            throw new KubeConfigException($"line {error.Start.Line} is not YAML.");
        }

        return stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode root
            ? new KubeConfigNode(root, "")
            : throw new KubeConfigException("it is empty, or not a mapping.");
    }

    public bool Has(string field) => Find(field) is not null;

    public string? Text(string field) => Find(field) is YamlScalarNode scalar ? scalar.Value : null;

    public string Required(string field) =>
        Text(field) is { Length: > 0 } text ? text : throw new KubeConfigException($"{Prefix}{field} is missing.");

    public KubeConfigNode Child(string field) =>
        Find(field) is YamlMappingNode child
            ? new KubeConfigNode(child, Prefix + field)
            : throw new KubeConfigException($"{Prefix}{field} is missing.");

    /// <summary>The entry called <paramref name="name"/> in a list of named entries.</summary>
    public KubeConfigNode Named(string list, string name)
    {
        if (Find(list) is YamlSequenceNode entries)
        {
            foreach (var entry in entries.OfType<YamlMappingNode>())
            {
                var node = new KubeConfigNode(entry, $"{list}[{name}]");
                if (node.Text("name") == name)
                {
                    return node;
                }
            }
        }

        throw new KubeConfigException($"{list} has no entry named {name}.");
    }

    /// <summary>The names in a list of named entries; entries without a name count too.</summary>
    public IReadOnlyList<string> Names(string list) => Find(list) is YamlSequenceNode entries
        ? [.. entries.Select(entry => entry is YamlMappingNode node ? new KubeConfigNode(node, list).Text("name") ?? "" : "")]
        : [];

    private static void Check(string text, bool allowAliases)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext(); depth += parser.Current!.NestingIncrease)
        {
            if (!allowAliases && parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            {
                throw new KubeConfigException($"line {parser.Current.Start.Line} has an anchor or an alias; write the value out.");
            }

            if (depth > Deepest)
            {
                throw new YamlException(parser.Current!.Start, parser.Current.End, "Too deep.");
            }
        }
    }

    // What is empty is not there.
    private YamlNode? Find(string field) => mapping.Children.TryGetValue(new YamlScalarNode(field), out var node) && !IsEmpty(node) ? node : null;

    private static bool IsEmpty(YamlNode node) =>
        node is YamlScalarNode scalar && (string.IsNullOrEmpty(scalar.Value) || (scalar is { Style: ScalarStyle.Plain, Value: "~" or "null" or "Null" or "NULL" }));

    private string Prefix => Path.Length == 0 ? "" : Path + ".";
}
