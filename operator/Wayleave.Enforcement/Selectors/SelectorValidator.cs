using System.Buffers;
using k8s.Models;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Selectors;

/// <summary>
/// Validates label selectors. The schema rejects most invalid ones; the API server would reject a NetworkPolicy with any other.
/// </summary>
internal static class SelectorValidator
{
    private const int MaxName = 63;

    private static readonly SearchValues<char> _nameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Why the selector cannot be used; null when it can, or when there is none.</summary>
    public static TargetResult? Validate(string field, V1LabelSelector? selector)
    {
        foreach (var (key, value) in (selector?.MatchLabels).OrEmpty())
        {
            if (!IsKey(key) || value is null || !IsValue(value))
            {
                return TargetResult.Invalid($"{field}.matchLabels", $"{TextSanitizer.Quote(key)}: {TextSanitizer.Quote(value)} cannot be a label; use at most 63 letters, digits, \"-\", \"_\" and \".\"");
            }
        }

        for (var i = 0; i < (selector?.MatchExpressions?.Count ?? 0); i++)
        {
            if (Problem(selector!.MatchExpressions![i]) is { } problem)
            {
                return TargetResult.Invalid($"{field}.matchExpressions[{i}]", problem);
            }
        }

        return null;
    }

    private static string? Problem(V1LabelSelectorRequirement? requirement)
    {
        if (requirement is null || !IsKey(requirement.Key))
        {
            return $"{TextSanitizer.Quote(requirement?.Key)} is not a label key; use letters, digits, \"-\", \"_\" and \".\", with an optional DNS name and \"/\" in front";
        }

        var values = requirement.Values ?? [];
        return requirement.OperatorProperty switch
        {
            "In" or "NotIn" when values.Count == 0 => $"{requirement.OperatorProperty} needs values; add at least one",
            "In" or "NotIn" => values.FirstOrDefault(value => !IsValue(value)) is { } wrong
                ? $"{TextSanitizer.Quote(wrong)} cannot be the value of a label; use at most 63 letters, digits, \"-\", \"_\" and \".\""
                : null,
            "Exists" or "DoesNotExist" => values.Count == 0 ? null : $"{requirement.OperatorProperty} takes no values; remove them",
            _ => $"{TextSanitizer.Quote(requirement.OperatorProperty)} is not an operator; use In, NotIn, Exists or DoesNotExist",
        };
    }

    // A name, or a DNS subdomain, a slash and a name.
    private static bool IsKey(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return slash < 0 ? IsName(text) : DnsNameValidator.IsSubdomain(text[..slash]) && IsName(text[(slash + 1)..]);
    }

    private static bool IsValue(ReadOnlySpan<char> text) => text.IsEmpty || IsName(text);

    private static bool IsName(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxName && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && !text.ContainsAnyExcept(_nameCharacters);
}
