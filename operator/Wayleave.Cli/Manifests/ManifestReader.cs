using System.Globalization;
using System.Text.Json.Nodes;
using Wayleave.Kubernetes.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Wayleave.Cli.Manifests;

/// <summary>
/// Reads YAML and JSON as kubectl does, and remembers the line of each field. Anchors, aliases and merge keys are refused.
/// </summary>
internal sealed class ManifestReader
{
    // Long names of fields around many others can make the paths larger than the memory.
    private const int MaxPathCharacters = 50_000_000;

    private static readonly YamlLimits _limits = new(MaxDepth: 100, MaxNodes: 500_000);
    private readonly string _file;
    private Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private int _pathCharacters;

    private ManifestReader(string file) => _file = file;

    /// <exception cref="ManifestException">The text is not YAML, or a document is not a mapping.</exception>
    public static IReadOnlyList<ManifestDocument> Read(string file, string text)
    {
        var stream = new YamlStream();
        try
        {
            CheckLimits(file, text);
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new ManifestException(file, error.Start.Line, $"not YAML: {error.InnerException?.Message ?? error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            // What the parser throws for some text that it does not expect, without a place.
            throw new ManifestException(file, 1, "not YAML");
        }

        var reader = new ManifestReader(file);
        return [.. stream.Documents.SelectMany(document => reader.ReadDocument(document.RootNode))];
    }

    private static void CheckLimits(string file, string text)
    {
        if (_limits.FindProblem(text) is { } found)
        {
            throw new ManifestException(file, found.Line, found.Problem switch
            {
                YamlProblem.Alias => "anchors and aliases are not supported; write the value out",
                YamlProblem.Depth => "nested too deep for a Kubernetes object; correct the indentation",
                _ => $"the file has more than {_limits.MaxNodes} fields and values; split it",
            });
        }
    }

    private IEnumerable<ManifestDocument> ReadDocument(YamlNode root)
    {
        if (root is YamlScalarNode { Value: null or "" or "null" or "~" })
        {
            return [];
        }

        if (root is not YamlMappingNode mapping)
        {
            throw new ManifestException(_file, root.Start.Line, "not an object; start with apiVersion and kind");
        }

        if (mapping.Children.TryGetValue("kind", out var kind) && kind is YamlScalarNode { Value: { } text }
            && text.EndsWith("List", StringComparison.Ordinal)
            && mapping.Children.TryGetValue("items", out var items) && items is YamlSequenceNode list)
        {
            return list.SelectMany(ReadDocument);
        }

        _lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var content = (JsonObject)Convert(mapping, "", mapping.Start.Line)!;
        return [new ManifestDocument(_file, content, _lines)];
    }

    private JsonNode? Convert(YamlNode node, string path, long line)
    {
        _pathCharacters += path.Length;
        if (_pathCharacters > MaxPathCharacters)
        {
            throw new ManifestException(_file, line, "the file has too many fields with long names");
        }

        _lines.TryAdd(path, (int)line);
        return node switch
        {
            YamlMappingNode mapping => Map(mapping, path),
            YamlSequenceNode list => List(list, path),
            YamlScalarNode scalar => YamlScalar.Read(scalar),
            _ => throw new ManifestException(_file, line, "not a value"),
        };
    }

    private JsonObject Map(YamlMappingNode mapping, string path)
    {
        var map = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
            {
                throw new ManifestException(_file, key.Start.Line, "the name of a field must be text");
            }

            if (key is YamlScalarNode { Style: ScalarStyle.Plain, Value: "<<" })
            {
                throw new ManifestException(_file, key.Start.Line, "the merge key << is not supported; write the fields out");
            }

            map[name] = Convert(value, path.Length == 0 ? name : $"{path}.{name}", key.Start.Line);
        }

        return map;
    }

    private JsonArray List(YamlSequenceNode list, string path)
    {
        var array = new JsonArray();
        for (var i = 0; i < list.Children.Count; i++)
        {
            var item = list.Children[i];
            array.Add(Convert(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), item.Start.Line));
        }

        return array;
    }
}
