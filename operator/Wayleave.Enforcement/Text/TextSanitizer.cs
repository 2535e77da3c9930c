namespace Wayleave.Enforcement.Text;

/// <summary>Makes untrusted text from the cluster safe for messages: one line of printable ASCII with a limited length.</summary>
public static class TextSanitizer
{
    private const int MaxQuoted = 80;

    /// <summary>Sanitizes the text, truncates it and puts it in quotation marks.</summary>
    public static string Quote(string? text)
    {
        var plain = Sanitize(text ?? "");
        return plain.Length <= MaxQuoted ? $"\"{plain}\"" : $"\"{plain[..MaxQuoted]}...\"";
    }

    /// <summary>Truncates the text to <paramref name="max"/> characters.</summary>
    public static string Truncate(string text, int max) => text.Length <= max ? text : $"{text[..(max - 3)]}...";

    /// <summary>Replaces control characters, quotation marks and characters beyond ASCII with question marks.</summary>
    public static string Sanitize(string text)
    {
        var plain = true;
        foreach (var letter in text)
        {
            plain &= IsPlain(letter);
        }

        return plain ? text : string.Create(text.Length, text, static (letters, source) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                letters[i] = IsPlain(source[i]) ? source[i] : '?';
            }
        });
    }

    private static bool IsPlain(char letter) => letter is >= ' ' and <= '~' and not '"';
}
