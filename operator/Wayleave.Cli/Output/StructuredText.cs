using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Wayleave.Cli.Output;

/// <summary>Prints values as JSON and YAML.</summary>
internal static partial class StructuredText
{
    private static readonly JsonSerializerOptions _indented = new()
    {
        WriteIndented = true,
        IndentSize = 4,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Formats a value as JSON. Escapes characters that can change how a terminal shows others.</summary>
    public static string ToJson(JsonNode node) => EscapeUnsafe(node.ToJsonString(_indented)) + "\n";

    // Such characters occur only in strings of JSON and double-quoted text of YAML, where an escape says the same.
    private static string EscapeUnsafe(string text) => text.Any(MustEscape)
        ? string.Concat(text.Select(letter => MustEscape(letter) ? $"\\u{(int)letter:x4}" : letter.ToString()))
        : text;

    private static bool MustEscape(char letter) => letter > '~' && TerminalText.IsUnsafe(letter);

    /// <summary>Formats a value as YAML. Escapes characters that can change how a terminal shows others.</summary>
    /// <param name="quotesDots">Whether text that starts with a dot is quoted. It can be a number, but not where all such text is a path.</param>
    public static string ToYaml(JsonNode node, bool quotesDots = true)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var stream = new YamlStream(new YamlDocument(Convert(node, quotesDots)));
        stream.Save(new Emitter(writer, new EmitterSettings().WithBestWidth(int.MaxValue).WithNewLine("\n")), assignAnchors: false);
        var text = writer.ToString();

        // The representation model ends a document with a marker.
        return EscapeUnsafe(text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text);
    }

    private static YamlNode Convert(JsonNode? node, bool quotesDots) => node switch
    {
        JsonObject map => new YamlMappingNode(
            map.SelectMany(entry => new[] { Scalar(entry.Key, quotesDots), Convert(entry.Value, quotesDots) }))
        {
            Style = map.Count == 0 ? YamlDotNet.Core.Events.MappingStyle.Flow : YamlDotNet.Core.Events.MappingStyle.Block,
        },
        JsonArray list => new YamlSequenceNode(list.Select(item => Convert(item, quotesDots)))
        {
            Style = list.Count == 0 ? YamlDotNet.Core.Events.SequenceStyle.Flow : YamlDotNet.Core.Events.SequenceStyle.Block,
        },
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Scalar(value.GetValue<string>(), quotesDots),
        _ => new YamlScalarNode(node?.ToJsonString() ?? "null"),
    };

    private static YamlScalarNode Scalar(string text, bool quotesDots) => new(text)
    {
        Style = text.Any(TerminalText.IsUnsafe) ? ScalarStyle.DoubleQuoted
            : IsPlain().IsMatch(text) && !IsOtherThanText().IsMatch(text) && !(quotesDots && text[0] == '.') ? ScalarStyle.Plain
            : ScalarStyle.SingleQuoted,
    };

    [GeneratedRegex(@"^[A-Za-z./][^:#\n\[\]{}]*(?<! )\z", RegexOptions.None, 1000)]
    private static partial Regex IsPlain();

    // YAML 1.1 reads these as booleans, nulls or numbers.
    [GeneratedRegex(@"^(y|n|yes|no|on|off|true|false|null|\.inf|\.nan)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IsOtherThanText();
}
