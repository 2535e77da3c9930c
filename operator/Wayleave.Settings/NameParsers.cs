namespace Wayleave.Settings;

/// <summary>Reads the names of Kubernetes objects, with the rules of RFC 1123 as Kubernetes applies them.</summary>
public static class NameParsers
{
    private const int LongestLabel = 63;
    private const int LongestSubdomain = 253;

    /// <summary>The name of a namespace; null when it is empty.</summary>
    public static string? Namespace(string text, out SettingError? error) =>
        ParseOptional(text, "a namespace", LongestLabel, allowsDots: false, out error);

    /// <summary>The name of another object; null when it is empty.</summary>
    public static string? ObjectName(string text, out SettingError? error) =>
        ParseOptional(text, "an object", LongestSubdomain, allowsDots: true, out error);

    /// <summary>A name without dots that must not be empty.</summary>
    /// <param name="what">What it names, for the error: "a namespace".</param>
    public static SettingParser<string> RequiredLabel(string what) => (string text, out SettingError? error) =>
    {
        error = IsLabel(text) ? null : CreateError(what, LongestLabel);
        return text;
    };

    /// <summary>Why a text cannot be the name of a namespace, and what to do; null if it can.</summary>
    public static string? DescribeNamespaceError(string text)
    {
        Namespace(text, out var error);
        return error is null ? null : $"{error.What}; {error.Fix}";
    }

    /// <summary>Why a text cannot be the name of another object, and what to do; null if it can.</summary>
    public static string? DescribeObjectNameError(string text)
    {
        ObjectName(text, out var error);
        return error is null ? null : $"{error.What}; {error.Fix}";
    }

    /// <summary>Whether a text can be the name of a namespace or Service.</summary>
    public static bool IsLabel(string text) => IsName(text, LongestLabel, allowsDots: false);

    private static string? ParseOptional(string text, string what, int longest, bool allowsDots, out SettingError? error)
    {
        var isName = IsName(text, longest, allowsDots);
        error = isName || text.Length == 0 ? null : CreateError(what, longest);
        return isName ? text : null;
    }

    private static bool IsName(string text, int longest, bool allowsDots) => text.Length <= longest
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.')
        && (allowsDots || !text.Contains('.', StringComparison.Ordinal))
        && text.Split('.').All(static label => label.Length > 0 && label[0] != '-' && label[^1] != '-');

    private static SettingError CreateError(string what, int longest) => new(
        $"cannot be the name of {what}",
        $"use at most {longest} lower-case letters, digits and -, and begin and end with a letter or a digit");
}
