using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Wayleave.Cli.Manifests;

/// <summary>Reads YAML and JSON as kubectl does, and remembers the line of each field.</summary>
internal sealed class ManifestReader
{
    // Aliases can make a small file large.
    private const int MaxNodes = 200_000;

    private readonly string _file;
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private int _nodes;

    private ManifestReader(string file) => _file = file;

    /// <exception cref="ManifestException">The text is not YAML, or a document is not a mapping.</exception>
    public static IReadOnlyList<ManifestDocument> Read(string file, string text)
    {
        var stream = new YamlStream();
        try
        {
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

        return [.. stream.Documents.SelectMany(document => ReadDocument(file, document.RootNode))];
    }

    private static IEnumerable<ManifestDocument> ReadDocument(string file, YamlNode root)
    {
        if (root is YamlScalarNode { Value: null or "" or "null" or "~" })
        {
            return [];
        }

        if (root is not YamlMappingNode mapping)
        {
            throw new ManifestException(file, root.Start.Line, "not an object; start with apiVersion and kind");
        }

        if (mapping.Children.TryGetValue("kind", out var kind) && kind is YamlScalarNode { Value: { } text }
            && text.EndsWith("List", StringComparison.Ordinal)
            && mapping.Children.TryGetValue("items", out var items) && items is YamlSequenceNode list)
        {
            return list.SelectMany(item => ReadDocument(file, item));
        }

        var reader = new ManifestReader(file);
        var content = (JsonObject)reader.Convert(mapping, "", mapping.Start.Line)!;
        return [new ManifestDocument(file, content, reader._lines)];
    }

    private JsonNode? Convert(YamlNode node, string path, long line)
    {
        if (++_nodes > MaxNodes)
        {
            throw new ManifestException(_file, line, $"the document has more than {MaxNodes} fields");
        }

        _lines.TryAdd(path, (int)line);
        return node switch
        {
            YamlMappingNode mapping => Map(mapping, path),
            YamlSequenceNode list => List(list, path),
            YamlScalarNode scalar => Scalar(scalar),
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

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                JsonValue.Create(whole),
            _ when IsNumber(text, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static bool IsNumber(string text, out double number)
    {
        number = 0;
        return text.Any(char.IsAsciiDigit)
            && text.All(letter => char.IsAsciiDigit(letter) || letter is '+' or '-' or '.' or 'e' or 'E')
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}
