using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Selectors;

/// <summary>Checks label keys and values as the Kubernetes API does. A regular expression would be slower.</summary>
internal static class LabelText
{
    private const int MaxName = 63;

    /// <summary>A name, or a DNS subdomain, a slash and a name.</summary>
    public static bool IsKey(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return slash < 0 ? IsName(text) : DnsNames.IsSubdomain(text[..slash]) && IsName(text[(slash + 1)..]);
    }

    /// <summary>Nothing, or a name.</summary>
    public static bool IsValue(ReadOnlySpan<char> text) => text.IsEmpty || IsName(text);

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxName || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
