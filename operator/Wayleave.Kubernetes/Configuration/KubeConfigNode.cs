using k8s.Exceptions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// A mapping in a kubeconfig with its path, for error messages. Messages never contain values, but may contain names of entries. To read a
/// field of another type, or one that is required and missing, throws <see cref="KubeConfigException"/>.
/// </summary>
internal sealed class KubeConfigNode(YamlMappingNode mapping, KubeConfigOrigin origin, string path)
{
    // A real kubeconfig is about eight levels deep. The size of the file bounds the number of nodes.
    private static readonly YamlLimits _limits = new(MaxDepth: 32, MaxNodes: int.MaxValue);

    // A longer text is not a name that a person chose.
    private const int MaxNameLength = 100;

    public KubeConfigOrigin Origin => origin;

    /// <summary>Null for a text without content.</summary>
    /// <exception cref="KubeConfigException">It is not YAML, or not a mapping, or not a kubeconfig.</exception>
    public static KubeConfigNode? Parse(string text, KubeConfigOrigin origin)
    {
        var root = Load(text, origin);
        if (root is null || IsEmpty(root))
        {
            return null;
        }

        var node = root is YamlMappingNode mapping
            ? new KubeConfigNode(mapping, origin, "")
            : throw origin.Error($"it must be a mapping with clusters, contexts and users; it is {Describe(root)}");
        return node.GetText("kind") is null or "Config"
            ? node
            : throw node.Error("kind", "must be Config; give a kubeconfig, not another kind of object");
    }

    /// <summary>An error about a field of this mapping.</summary>
    /// <param name="field">The field; empty for the mapping itself.</param>
    /// <param name="problem">The error and, after a semicolon, the fix.</param>
    /// <param name="inner">What was caught; its message is not shown.</param>
    public KubeConfigException Error(string field, string problem, Exception? inner = null) =>
        origin.Error($"{GetPath(field)} {problem}", inner);

    /// <summary>The path of a field, such as <c>clusters[east].cluster.server</c>.</summary>
    private string GetPath(string field) => path.Length == 0 ? field : field.Length == 0 ? path : $"{path}.{field}";

    public bool Has(string field) => Find(field) is not null;

    /// <summary>Null when it is missing or empty.</summary>
    public string? GetText(string field) => Find(field) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value,
        var other => throw Error(field, $"must be a text; it is {Describe(other)}"),
    };

    public string GetRequiredText(string field, string fix) => GetText(field) ?? throw Error(field, $"is missing; {fix}");

    public KubeConfigNode GetMapping(string field, string fix) => Find(field) switch
    {
        null => throw Error(field, $"is missing; {fix}"),
        YamlMappingNode child => new KubeConfigNode(child, origin, GetPath(field)),
        var other => throw Error(field, $"must be a mapping; it is {Describe(other)}"),
    };

    /// <summary>The entries of a list of named entries; none when it is missing.</summary>
    public IReadOnlyList<(string Name, KubeConfigNode Entry)> GetEntries(string list) => Find(list) switch
    {
        null => [],
        YamlSequenceNode entries => [.. entries.Select((entry, index) => ReadEntry(list, entry, index))],
        var other => throw Error(list, $"must be a list of entries that each have a name; it is {Describe(other)}"),
    };

    /// <summary>The texts of a list; none when it is missing.</summary>
    public IReadOnlyList<string> GetTexts(string list) => Find(list) switch
    {
        null => [],
        YamlSequenceNode entries when entries.All(static entry => entry is YamlScalarNode) =>
            [.. entries.Cast<YamlScalarNode>().Select(static entry => entry.Value ?? "")],
        _ => throw Error(list, "must be a list of texts"),
    };

    /// <summary>
    /// A name for messages, in quotes; null if it is not shown: in the data of a Secret, or when it does not look like a name.
    /// </summary>
    public string? QuoteName(string name) =>
        origin.ShowsNames && name.Length <= MaxNameLength && !name.Any(char.IsControl) ? $"\"{name}\"" : null;

    private (string Name, KubeConfigNode Entry) ReadEntry(string list, YamlNode entry, int index)
    {
        var number = GetPath($"{list}[{index}]");
        if (entry is not YamlMappingNode element)
        {
            throw origin.Error($"{number} must be a mapping with a name; it is {Describe(entry)}");
        }

        var name = new KubeConfigNode(element, origin, number).GetRequiredText("name", "give the entry a name");
        return (name, new KubeConfigNode(element, origin, QuoteName(name) is null ? number : GetPath($"{list}[{name}]")));
    }

    private static YamlNode? Load(string text, KubeConfigOrigin origin)
    {
        var stream = new YamlStream();
        try
        {
            CheckStructure(text, origin);
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            // The parser's own message may quote the file, and with it a credential.
            throw origin.Error($"line {error.Start.Line} is not YAML, or repeats a key; correct it");
        }
        catch (Exception error) when (error is not KubeConfigException)
        {
            // Other exceptions that the parser throws for invalid input.
            throw origin.Error("it is not YAML; write it with `kubectl config view --minify --flatten`");
        }

        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
    }

    private static void CheckStructure(string text, KubeConfigOrigin origin)
    {
        switch (_limits.FindProblem(text))
        {
            case (YamlProblem.Alias, var line):
                throw origin.Error($"line {line} has an anchor or an alias; write the value out");
            case (YamlProblem.Depth, var line):
                throw origin.Error($"line {line} is nested too deep for a kubeconfig; correct it");
        }
    }

    private static string Describe(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        _ => IsEmpty(node) ? "empty" : "a text",
    };

    // An empty value counts as absent.
    private YamlNode? Find(string field) =>
        mapping.Children.TryGetValue(new YamlScalarNode(field), out var node) && !IsEmpty(node) ? node : null;

    private static bool IsEmpty(YamlNode node) =>
        node is YamlScalarNode scalar
            && (string.IsNullOrEmpty(scalar.Value) || (scalar is { Style: ScalarStyle.Plain, Value: "~" or "null" or "Null" or "NULL" }));
}

/// <summary>Where a kubeconfig is from.</summary>
/// <param name="Prefix">What its messages begin with.</param>
/// <param name="Folder">What relative paths in it are resolved against; null if it must not name files.</param>
/// <param name="ShowsNames">Whether messages may have names of entries in them; otherwise the number of the entry stands for it.</param>
internal sealed record KubeConfigOrigin(string Prefix, string? Folder, bool ShowsNames)
{
    public KubeConfigException Error(string message, Exception? inner = null) => new(Prefix + message, inner);
}
