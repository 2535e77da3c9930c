using System.Security.Cryptography;
using System.Text;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry.Canaries;

/// <summary>
/// Makes canaries, texts that are nowhere else, and finds them again in bytes: as they are, as base64 at each of its three alignments, as
/// hexadecimal digits of both cases, and as UTF-16.
/// </summary>
internal sealed class Aviary
{
    private const int Length = 12;

    // Every form of every canary has a piece of this length that is always the same; the piece leads to the canary.
    private readonly Dictionary<string, string> _pieces = new(StringComparer.Ordinal);

    /// <summary>Canaries made.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes searched.</summary>
    public long Searched { get; private set; }

    /// <summary>A new canary, fit for every name: lower case letters and digits, a letter first.</summary>
    public string New() => Add("q" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", Length - 1));

    /// <summary>Counts a text of the cluster's own, such as a UID, among the canaries.</summary>
    public string Add(string text)
    {
        Count++;
        foreach (var piece in Pieces(text))
        {
            _pieces.TryAdd(piece, text);
        }

        return text;
    }

    /// <summary>The canaries in what a request brought, its headers included.</summary>
    public IReadOnlyList<string> Find(OtlpRequest request)
    {
        var head = $"{request.Method} {request.Target} " + string.Join('\n', request.Headers.Where(header => header.Key != "Host").Select(header => $"{header.Key}: {header.Value}"));
        return [.. Find(Encoding.UTF8.GetBytes(head)), .. Find(request.Body)];
    }

    public IReadOnlyList<string> Find(ReadOnlySpan<byte> bytes)
    {
        Searched += bytes.Length;
        var text = Encoding.Latin1.GetString(bytes);
        return [.. In(text).Concat(In(text.Replace("\0", "", StringComparison.Ordinal))).Distinct(StringComparer.Ordinal)];
    }

    private List<string> In(string text)
    {
        var found = new List<string>();
        var pieces = _pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start + Length <= text.Length; start++)
        {
            if (pieces.TryGetValue(text.AsSpan(start, Length), out var canary))
            {
                found.Add(canary);
            }
        }

        return found;
    }

    private static IEnumerable<string> Pieces(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return text[..Length];
        yield return Convert.ToHexStringLower(bytes)[..Length];
        yield return Convert.ToHexString(bytes)[..Length];
        for (var alignment = 0; alignment < 3; alignment++)
        {
            // The first group is shared with what comes before.
            yield return Convert.ToBase64String([.. new byte[alignment], .. bytes]).Substring(alignment == 0 ? 0 : 4, Length);
        }
    }
}
