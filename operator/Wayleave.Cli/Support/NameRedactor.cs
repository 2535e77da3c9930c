using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Wayleave.Cli.Support;

/// <summary>
/// Replaces names in objects, metrics and logs with hashes. It keeps what is on a list and hashes everything else, so that text of a new
/// field is hashed too. One name has one hash, so that the objects of a bundle can still be related; the key of the hash is random and is
/// kept nowhere, so that names cannot be found by trying.
/// </summary>
internal sealed partial class NameRedactor(byte[] key)
{
    private const int HashLength = 10;
    private const string Arguments = "args";

    // Fields whose values are words of an API. A value that does not look like one is hashed.
    private static readonly FrozenSet<string> _plainFields = FrozenSet.ToFrozenSet(
        [
            "apiVersion", "kind", "type", "status", "reason", "state", "mode", "phase", "protocol", "operator", "policyTypes", "action",
            "client", "server", "kubernetes", "kubernetesVersion", "Kind", "Resource", "Version", "Mode",
        ],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> _plainLabels = FrozenSet.ToFrozenSet(
        [
            "le", "verb", "method", "code", "result", "resource", "name", "kind", "reason", "state", "mode", "direction", "type", "version",
            "controller",
        ],
        StringComparer.Ordinal);

    // Maps whose keys users choose.
    private static readonly FrozenSet<string> _userMaps =
        FrozenSet.ToFrozenSet(["labels", "annotations", "matchLabels", "nodeSelector"], StringComparer.Ordinal);

    public string Hash(string name) =>
        $"h-{Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name)))[..HashLength]}";

    /// <summary>A copy of an object of the API, with hashes for names.</summary>
    public JsonNode? Redact(JsonNode? node) => Redact(node, field: "");

    /// <summary>Samples in the text format of Prometheus, with hashes for the values of labels that can hold names.</summary>
    public string RedactMetrics(string text) => string.Join('\n', text.Split('\n').Select(line => line.StartsWith('#')
        ? line
        : Label().Replace(line, label => _plainLabels.Contains(label.Groups["name"].Value)
            ? label.Value
            : $"{label.Groups["name"].Value}=\"{Hash(label.Groups["value"].Value)}\"")));

    /// <summary>
    /// One line of the operator's log: its level, category and template, and its values, with hashes for text. Of a line that is not JSON,
    /// for example of a crash, the types and methods remain.
    /// </summary>
    public string RedactLogLine(string line)
    {
        if (ParseOrNull(line) is not { } entry)
        {
            return WithoutMessages(line);
        }

        var values = (entry["State"] as JsonObject ?? []).ToDictionary(value => value.Key, value => value.Value, StringComparer.Ordinal);
        values.Remove("{OriginalFormat}", out var template);
        var redacted = new JsonObject
        {
            ["Timestamp"] = entry["Timestamp"]?.DeepClone(),
            ["LogLevel"] = entry["LogLevel"]?.DeepClone(),
            ["Category"] = entry["Category"]?.DeepClone(),
            ["Template"] = template?.DeepClone(),
            ["Values"] = new JsonObject(values.Select(value => KeyValuePair.Create(value.Key, Redact(value.Value, value.Key)))),
        };
        if (entry["Exception"] is JsonValue exception && exception.TryGetValue<string>(out var text))
        {
            redacted["Exception"] = string.Join('\n', text.Split('\n').Select(WithoutMessages));
        }

        return redacted.ToJsonString();
    }

    private JsonNode? Redact(JsonNode? node, string field) => node switch
    {
        JsonObject map => new JsonObject(map.Where(entry => entry.Key != "managedFields").Select(entry => KeyValuePair.Create(
            _userMaps.Contains(field) && !IsWellKnown(entry.Key) ? Hash(entry.Key) : entry.Key,
            Redact(entry.Value, _userMaps.Contains(field) ? "" : entry.Key)))),
        JsonArray list => new JsonArray([.. list.Select(item => Redact(item, field))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Redact(value.GetValue<string>(), field),
        _ => node?.DeepClone(),
    };

    private string Redact(string text, string field) => field == Arguments
        ? RedactArgument(text)
        : text.Length == 0 || (_plainFields.Contains(field) && Word().IsMatch(text)) || IsTime(text) || text.All(char.IsAsciiDigit)
            ? text
            : Hash(text);

    private string RedactArgument(string argument) => argument.Split('=', 2) switch
    {
        [var option] when Option().IsMatch(option) => option,
        [var option, var value] when Option().IsMatch(option) => $"{option}={(OptionValue().IsMatch(value) ? value : Hash(value))}",
        _ => Hash(argument),
    };

    private static bool IsTime(string text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsWellKnown(string label) => WellKnownKey().IsMatch(label);

    private static JsonObject? ParseOrNull(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonNode.Parse(line) as JsonObject : null;
        }
        catch (JsonException)
        {
            // A line that a limit cut off.
            return null;
        }
    }

    private static string WithoutMessages(string line) =>
        ExceptionLine().Match(line) is { Success: true } match ? match.Value : "(omitted)";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9./+_-]*\z", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"^--[a-z0-9-]+\z", RegexOptions.None, 1000)]
    private static partial Regex Option();

    // Switches, modes, numbers and durations.
    [GeneratedRegex(@"^(true|false|[A-Z][A-Za-z]+|[0-9.]+[A-Za-z]{0,2})\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OptionValue();

    [GeneratedRegex(@"(?<name>\w+)=""(?<value>(\\.|[^""\\])*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex(@"^([a-z0-9-]+\.)*(kubernetes\.io|k8s\.io|wayleave\.dev)/[A-Za-z0-9._-]+\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WellKnownKey();

    // A type of exception, or a frame of a stack trace.
    [GeneratedRegex(
        @"^( +at [\w.<>`+\[\]|]+|( *---> |Unhandled exception\. )?([A-Z]\w*\.)+[A-Z]\w*Exception)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExceptionLine();
}
