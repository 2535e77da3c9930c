using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>A mapping within a kubeconfig, and where it stands, for messages.</summary>
internal sealed class KubeConfigNode(YamlMappingNode mapping, string path)
{
    public string Path { get; } = path;

    public static KubeConfigNode Parse(string text)
    {
        var stream = new YamlStream();
        try
        {
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

    private YamlNode? Find(string field) => mapping.Children.TryGetValue(new YamlScalarNode(field), out var node) ? node : null;

    private string Prefix => Path.Length == 0 ? "" : Path + ".";
}
