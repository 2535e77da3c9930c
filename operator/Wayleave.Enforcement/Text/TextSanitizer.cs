using System.Buffers;

namespace Wayleave.Enforcement.Text;

/// <summary>Makes untrusted text from the cluster safe for messages: one line of printable ASCII with a limited length.</summary>
public static class TextSanitizer
{
    private const int MaxQuoted = 80;

    private static readonly SearchValues<char> _plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(letter => letter != '"')]);

    /// <summary>Sanitizes the text, truncates it and puts it in quotation marks.</summary>
    public static string Quote(string? text)
    {
        var plain = Sanitize(text ?? "");
        return plain.Length <= MaxQuoted ? $"\"{plain}\"" : $"\"{plain[..MaxQuoted]}...\"";
    }

    /// <summary>Truncates the text to <paramref name="max"/> characters.</summary>
    public static string Truncate(string text, int max) => text.Length <= max ? text : $"{text[..(max - 3)]}...";

    /// <summary>Replaces control characters, quotation marks and characters beyond ASCII with question marks.</summary>
    public static string Sanitize(string text) =>
        text.AsSpan().ContainsAnyExcept(_plain) ? string.Concat(text.Select(letter => _plain.Contains(letter) ? letter : '?')) : text;
}
