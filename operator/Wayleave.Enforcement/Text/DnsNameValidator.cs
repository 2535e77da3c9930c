using System.Buffers;

namespace Wayleave.Enforcement.Text;

/// <summary>Checks names against RFC 1123, as the API server does. A regular expression would be slower.</summary>
public static class DnsNameValidator
{
    private const int MaxLabel = 63;
    private const int MaxSubdomain = 253;

    private static readonly SearchValues<char> _letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>One part of a subdomain, with the limit of its length.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLabel && HasLabelLetters(text);

    /// <summary>A DNS subdomain. Like the API server, limits its total length, but not the length of its labels.</summary>
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

    private static bool HasLabelLetters(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text[0] != '-' && text[^1] != '-' && !text.ContainsAnyExcept(_letters);
}
