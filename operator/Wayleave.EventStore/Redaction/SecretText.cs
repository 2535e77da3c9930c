using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Wayleave.EventStore.Redaction;

/// <summary>Finds secrets in a text by their form, also where they are encoded in base64.</summary>
internal static partial class SecretText
{
    public const string Redacted = "[redacted]";

    // A shorter run cannot hold a secret that the patterns find.
    private const int MinBase64Length = 16;
    private const int MaxNesting = 2;
    private const int Timeout = 1000;

    // A text without any of these needs no regular expression.
    private static readonly SearchValues<string> _hints = SearchValues.Create(
        ["eyJ", "-----BEGIN", "://", "bearer", "basic", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "Config"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> _base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    /// <summary>The text without its secrets. Null if it has none.</summary>
    public static string? RedactOrNull(ReadOnlySpan<char> text)
    {
        try
        {
            return FindOrNull(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return Redacted;
        }
    }

    private static string? FindOrNull(ReadOnlySpan<char> text)
    {
        string? redacted = null;
        if (text.ContainsAny(_hints))
        {
            var original = text.ToString();
            redacted = ConfigFile().IsMatch(original)
                ? Redacted
                : BasicCredentials().Replace(Secret().Replace(original, Redacted), match => HasPassword(match) ? Redacted : match.Value);
            text = redacted;
            redacted = text.SequenceEqual(original) ? null : redacted;
        }

        // Where the secret begins and ends cannot be seen in base64.
        return HasEncodedSecret(text, MaxNesting) ? Redacted : redacted;
    }

    private static bool HasEncodedSecret(ReadOnlySpan<char> text, int nesting)
    {
        if (text.Length < MinBase64Length)
        {
            return false;
        }

        // Long base64 is often broken into lines.
        if (text.Contains('\n'))
        {
            text = string.Concat(text.ToString().Where(character => !char.IsWhiteSpace(character)));
        }

        while (text.IndexOfAny(_base64) is var start and >= 0)
        {
            text = text[start..];
            var length = text.IndexOfAnyExcept(_base64) is var end and >= 0 ? end : text.Length;
            var run = text[..length];

            // The base64 of a text has upper case letters. Names in Kubernetes have none.
            if (length >= MinBase64Length && run.ContainsAnyInRange('A', 'Z') && IsEncodedSecret(run, nesting))
            {
                return true;
            }

            text = text[length..];
        }

        return false;
    }

    /// <summary>The run may begin with characters that do not belong to the base64, so each of the four alignments is tried.</summary>
    private static bool IsEncodedSecret(ReadOnlySpan<char> run, int nesting)
    {
        var encoded = ArrayPool<char>.Shared.Rent(run.Length);
        var decoded = ArrayPool<byte>.Shared.Rent(run.Length);
        try
        {
            run.Replace(encoded, '-', '+');
            encoded.AsSpan(0, run.Length).Replace('_', '/');
            for (var alignment = 0; alignment < 4; alignment++)
            {
                var aligned = encoded.AsSpan(alignment, run.Length - alignment);
                var count = Decode(aligned, decoded);
                var text = Encoding.Latin1.GetString(decoded, 0, count);
                if (Secret().IsMatch(text)
                    || SecretWord().IsMatch(text)
                    || BasicCredentials().IsMatch(text)
                    || (nesting > 1 && HasEncodedSecret(text, nesting - 1)))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(encoded, clearArray: true);
            ArrayPool<byte>.Shared.Return(decoded, clearArray: true);
        }
    }

    private static int Decode(ReadOnlySpan<char> encoded, Span<byte> decoded)
    {
        // Without padding; a single last character holds no byte.
        var length = encoded.Length % 4 == 1 ? encoded.Length - 1 : encoded.Length;
        var whole = length / 4 * 4;
        _ = Convert.TryFromBase64Chars(encoded[..whole], decoded, out var count);
        if (length > whole)
        {
            ReadOnlySpan<char> last = [encoded[whole], encoded[whole + 1], length - whole == 3 ? encoded[whole + 2] : 'A', 'A'];
            _ = Convert.TryFromBase64Chars(last, decoded[count..], out _);
            count += length - whole - 1;
        }

        return count;
    }

    private static bool HasPassword(Match match)
    {
        var encoded = match.Groups["value"].Value.Replace('-', '+').Replace('_', '/');
        var decoded = new byte[encoded.Length];
        var text = decoded.AsSpan(0, Decode(encoded, decoded));
        return text.Contains((byte)':') && System.Text.Unicode.Utf8.IsValid(text) && !text.ContainsAnyInRange<byte>(0, 0x1f);
    }

    [GeneratedRegex(
        """
        eyJ[\w-]{4,}(\.[\w-]*)+ |
        -----BEGIN[\s\S]*?(-----END[^-]*-----|\z) |
        (?<=[A-Za-z0-9]://)([^\s:]*:\S*|[^\s/@]*)(?=@) |
        \b[Bb][Ee][Aa][Rr][Ee][Rr]\s+(?=\S*\d|\S{20})\S{8,} |
        (AKIA|ASIA)[A-Z0-9]{16} |
        gh[pousr]_[A-Za-z0-9]{20,} | github_pat_\w{20,} | glpat-[\w-]{20,} | xox[abeoprs]-[\w-]{10,}
        """,
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace, Timeout)]
    private static partial Regex Secret();

    // Without a word boundary: in base64 that begins with other characters, any character can come before it.
    [GeneratedRegex(
        @"basic\s+(?<value>[A-Za-z0-9_+/-]{4,})=*",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Timeout)]
    private static partial Regex BasicCredentials();

    /// <summary>A kubeconfig.</summary>
    [GeneratedRegex("""\bkind["']?\s*:\s*["']?Config\b""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Timeout)]
    private static partial Regex ConfigFile();

    /// <summary>What base64 says about a secret. A plain text may say it as well, for example in the message of a condition.</summary>
    [GeneratedRegex(
        "passw(or)?d|passphrase|secret|token|bearer|authorization|credential|api.?key|private.?key|access.?key|client-key|client-certificate|certificate-authority|kind.{1,4}Config",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Timeout)]
    private static partial Regex SecretWord();
}
