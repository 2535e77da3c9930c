namespace Wayleave.Enforcement.Text;

/// <summary>Text from the cluster, made fit for a message: one line, plain letters, no longer than it needs to be.</summary>
public static class TextSanitizer
{
    private const int MaxQuoted = 80;

    /// <summary>In quotation marks, without control characters and without what could pass for the end of the quotation.</summary>
    public static string Quote(string? text)
    {
        var plain = Sanitize(text ?? "");
        return plain.Length <= MaxQuoted ? $"\"{plain}\"" : $"\"{plain[..MaxQuoted]}...\"";
    }

    /// <summary>At most <paramref name="max"/> characters.</summary>
    public static string Truncate(string text, int max) => text.Length <= max ? text : $"{text[..(max - 3)]}...";

    /// <summary>Without control characters, quotation marks and letters beyond ASCII.</summary>
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
