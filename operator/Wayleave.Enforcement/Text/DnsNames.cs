namespace Wayleave.Enforcement.Text;

/// <summary>Names as RFC 1123 and the API server have them. Checked by hand, as a regular expression would cost more.</summary>
public static class DnsNames
{
    private const int MaxLabel = 63;
    private const int MaxSubdomain = 253;

    /// <summary>One part of a subdomain, with the limit of its length.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLabel && HasLabelLetters(text);

    /// <summary>As the API server checks it: the length of the whole is limited, that of its labels is not.</summary>
    public static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxSubdomain)
        {
            return false;
        }

        foreach (var label in text.Split('.'))
        {
            if (!HasLabelLetters(text[label]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasLabelLetters(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-')
            {
                return false;
            }
        }

        return true;
    }
}
