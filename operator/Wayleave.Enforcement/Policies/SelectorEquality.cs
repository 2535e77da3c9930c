using k8s.Models;

namespace Wayleave.Enforcement.Policies;

/// <summary>Whether two selectors say the same. An absent list or map is an empty one; an absent selector is not an empty one.</summary>
public static class SelectorEquality
{
    public static bool Same(V1LabelSelector? left, V1LabelSelector? right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        return left is not null && right is not null
            && SameCount(left.MatchLabels, right.MatchLabels)
            && Includes(left.MatchLabels, right.MatchLabels)
            && Same(left.MatchExpressions, right.MatchExpressions);
    }

    /// <summary>Whether two maps have the same entries. An absent map is an empty one.</summary>
    public static bool SameLabels(IDictionary<string, string>? left, IDictionary<string, string>? right) => SameCount(left, right) && Includes(left, right);

    /// <summary>True when <paramref name="map"/> has every entry of <paramref name="part"/>.</summary>
    public static bool Includes(IDictionary<string, string>? map, IDictionary<string, string>? part)
    {
        if (part is null)
        {
            return true;
        }

        // The models' maps are dictionaries, whose own enumerator costs no memory.
        if (part is Dictionary<string, string> entries)
        {
            foreach (var (key, value) in entries)
            {
                if (!Has(map, key, value))
                {
                    return false;
                }
            }

            return true;
        }

        return HasAll(map, part);
    }

    private static bool HasAll(IDictionary<string, string>? map, IDictionary<string, string> part) => part.All(entry => Has(map, entry.Key, entry.Value));

    private static bool Has(IDictionary<string, string>? map, string key, string value) =>
        map is not null && map.TryGetValue(key, out var actual) && actual == value;

    private static bool SameCount(IDictionary<string, string>? left, IDictionary<string, string>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0);

    private static bool Same(IList<V1LabelSelectorRequirement>? left, IList<V1LabelSelectorRequirement>? right)
    {
        var count = left?.Count ?? 0;
        var same = count == (right?.Count ?? 0);
        for (var i = 0; same && i < count; i++)
        {
            same = Same(left![i], right![i]);
        }

        return same;
    }

    private static bool Same(V1LabelSelectorRequirement left, V1LabelSelectorRequirement right)
    {
        var count = left.Values?.Count ?? 0;
        var same = left.Key == right.Key && left.OperatorProperty == right.OperatorProperty && count == (right.Values?.Count ?? 0);
        for (var i = 0; same && i < count; i++)
        {
            same = left.Values![i] == right.Values![i];
        }

        return same;
    }
}
