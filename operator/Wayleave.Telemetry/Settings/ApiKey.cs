using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Wayleave.Telemetry.Settings;

/// <summary>The API key of the collector. Only requests contain it.</summary>
public sealed class ApiKey
{
    private ApiKey(string secret) => Secret = secret;

    internal string Secret { get; }

    /// <summary>
    /// Null unless the text, without white space around it, is one or more visible ASCII characters, as a header's value must be.
    /// </summary>
    public static ApiKey? CreateOrNull(string? text) =>
        text?.Trim() is { Length: > 0 } secret && secret.All(character => character is > ' ' and <= '~') ? new ApiKey(secret) : null;

    public override string ToString() => "(secret)";
}

/// <summary>
/// Headers that each request to the collector carries beside our own, as <c>OTEL_EXPORTER_OTLP_HEADERS</c> gives them. Values may be
/// credentials and appear only in requests. Names may be logged.
/// </summary>
public sealed class CollectorHeaders
{
    // Headers that describe the message or the connection: the request sets them itself.
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Allow", "Connection", "Expect", "Expires", "Host", "Keep-Alive", "Last-Modified", "TE", "Trailer", "Transfer-Encoding", "Upgrade");

    private CollectorHeaders(ImmutableArray<KeyValuePair<string, string>> headers) => All = headers;

    /// <summary>No headers: the default.</summary>
    public static CollectorHeaders None { get; } = new([]);

    public bool IsEmpty => All.IsEmpty;

    /// <summary>The names, in the order in which they were given.</summary>
    public ImmutableArray<string> Names => [.. All.Select(header => header.Key)];

    /// <summary>Names and values. Secret.</summary>
    internal ImmutableArray<KeyValuePair<string, string>> All { get; }

    /// <summary>
    /// Reads <c>name1=value1,name2=value2</c> (OpenTelemetry specification, "Specifying headers via environment variables"): a list as in
    /// the header <c>baggage</c> of W3C without its properties, values percent-encoded. As in most SDKs, a space needs no encoding. Of two
    /// headers of one name the last counts.
    /// </summary>
    /// <exception cref="FormatException">It is no such list. The message says what is wrong and where, and repeats no value.</exception>
    public static CollectorHeaders Parse(string text)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (index, entry) in text.Split(',', StringSplitOptions.TrimEntries).Index())
        {
            if (entry.Length > 0)
            {
                var header = ParseEntry(entry, index + 1);
                headers.RemoveAll(earlier => string.Equals(earlier.Key, header.Key, StringComparison.OrdinalIgnoreCase));
                headers.Add(header);
            }
        }

        return headers.Count == 0 ? None : new CollectorHeaders([.. headers]);
    }

    /// <summary>Sets them on a request. A header that it already has is replaced.</summary>
    public void SetOn(HttpRequestHeaders request)
    {
        foreach (var (name, value) in All)
        {
            request.Remove(name);
            request.TryAddWithoutValidation(name, value);
        }
    }

    public override string ToString() => string.Join(", ", Names);

    private static KeyValuePair<string, string> ParseEntry(string entry, int position)
    {
        var separator = entry.IndexOf('=', StringComparison.Ordinal);
        if (separator < 0)
        {
            throw new FormatException($"entry {position} has no \"=\"");
        }

        var name = entry[..separator].Trim();
        if (name.Length == 0 || !name.All(IsTokenCharacter))
        {
            throw new FormatException($"entry {position} has a name that is not an HTTP header name");
        }

        if (Reserved.Contains(name) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"entry {position} sets a header that the request sets itself");
        }

        return new(name, Decode(entry[(separator + 1)..].Trim(), position));
    }

    private static string Decode(string text, int position)
    {
        if (!text.Split('%').Skip(1).All(rest => rest.Length > 1 && char.IsAsciiHexDigit(rest[0]) && char.IsAsciiHexDigit(rest[1])))
        {
            throw new FormatException($"entry {position} has a \"%\" that two hexadecimal digits do not follow");
        }

        // In a header, unlike in a form, a plus is no space.
        var encoded = Encoding.UTF8.GetBytes(text.Replace("+", "%2B", StringComparison.Ordinal));
        var bytes = WebUtility.UrlDecodeToBytes(encoded, 0, encoded.Length);
        return Array.TrueForAll(bytes, value => value is (>= (byte)' ' and <= (byte)'~') or (byte)'\t')
            ? Encoding.ASCII.GetString(bytes)
            : throw new FormatException($"entry {position} has a value with characters that no HTTP header can carry");
    }

    // RFC 9110, "Tokens".
    private static bool IsTokenCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);
}
