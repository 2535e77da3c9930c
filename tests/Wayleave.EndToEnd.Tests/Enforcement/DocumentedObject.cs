using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>One object of an example in a page.</summary>
/// <param name="Namespace">Empty for a kind without namespaces.</param>
/// <param name="Ready">The status and the reason that the example states for it, as <c># Ready: True Enforced</c>; null when it states none.</param>
internal sealed partial record DocumentedObject(string Kind, string Namespace, string Name, (string Status, string Reason)? Ready)
{
    private const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    /// <summary>The objects of an example, in their order.</summary>
    public static IReadOnlyList<DocumentedObject> Read(string example) =>
        [.. example.Split("\n---", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(One)];

    /// <summary>The namespaces that an example names, except the one of the API server's Service.</summary>
    public static IReadOnlyList<string> NamespacesOf(string example) =>
        [.. Namespaces().Matches(example).Select(match => match.Groups["name"].Value).Where(name => name != "default").Distinct(StringComparer.Ordinal)];

    /// <summary>Replaces the name of a namespace everywhere in the example.</summary>
    public static string Rename(string example, string @namespace, string other) =>
        Regex.Replace(example, $@"\b{Regex.Escape(@namespace)}\b", other, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static DocumentedObject One(string document)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(document));
        var root = stream.Documents[0].RootNode;
        var metadata = (YamlMappingNode)root["metadata"];
        var @namespace = metadata.Children.TryGetValue("namespace", out var value) ? value.ToString() : "";
        var ready = Statement().Match(document);
        (string, string)? stated = ready.Success ? (ready.Groups["status"].Value, ready.Groups["reason"].Value) : null;
        return new DocumentedObject(root["kind"].ToString(), @namespace, metadata["name"].ToString(), stated);
    }

    [GeneratedRegex("^# Ready: (?<status>True|False) (?<reason>[A-Za-z]+)$", Lines, 1000)]
    private static partial Regex Statement();

    [GeneratedRegex(
        @"(namespace: |kubernetes\.io/metadata\.name: |(kubernetes|service): \{name: [a-z0-9-]+\.)(?<name>[a-z0-9-]+)",
        Lines,
        1000)]
    private static partial Regex Namespaces();
}
