using System.Security.Cryptography;
using System.Text;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry.Canaries;

/// <summary>
/// Creates canaries, which are unique texts, and finds them in bytes: as plain text, as base64 at each of its three alignments, as
/// hexadecimal digits in both cases, and as UTF-16.
/// </summary>
internal sealed class CanarySet
{
    private const int Length = 12;

    // Every form of a canary contains a fixed piece of this length. Maps the piece to the canary.
    private readonly Dictionary<string, string> _pieces = new(StringComparer.Ordinal);

    /// <summary>The number of canaries.</summary>
    public int Count { get; private set; }

    /// <summary>The number of bytes searched.</summary>
    public long Searched { get; private set; }

    /// <summary>Creates a canary that is valid as any name: lowercase letters and digits, with a letter first.</summary>
    public string New() => Add("q" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", Length - 1));

    /// <summary>Adds a text of the cluster, such as a UID, to the canaries.</summary>
    public string Add(string text)
    {
        Count++;
        foreach (var piece in Pieces(text))
        {
            _pieces.TryAdd(piece, text);
        }

        return text;
    }

    /// <summary>Finds the canaries in a request, its headers included.</summary>
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
