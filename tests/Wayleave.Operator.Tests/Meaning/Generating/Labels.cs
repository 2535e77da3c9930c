using k8s.Models;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes labels, and selectors that match them and others.</summary>
internal static class Labels
{
    public static Dictionary<string, string> Make(Dice dice, int least, int most)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = dice.Number(least, most); i > 0; i--)
        {
            labels[dice.Name(Names.LabelKeys)] = dice.Name(Names.LabelValues);
        }

        return labels;
    }

    /// <summary>A selector that matches at least these labels. Sometimes an empty one.</summary>
    public static V1LabelSelector SelectorOf(Dice dice, Dictionary<string, string> labels, bool mayBeEmpty = true)
    {
        if (mayBeEmpty && dice.Chance(4))
        {
            return new V1LabelSelector();
        }

        var some = dice.Some(labels, 60);
        var selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>(some.Count > 0 ? some : labels, StringComparer.Ordinal) };
        if (dice.Chance(20))
        {
            selector.MatchExpressions = [Expression(dice, labels)];
            selector.MatchLabels = dice.Chance(50) ? null : selector.MatchLabels;
        }

        return selector;
    }

    // An expression that matches the labels.
    private static V1LabelSelectorRequirement Expression(Dice dice, Dictionary<string, string> labels)
    {
        var key = dice.Name(Names.LabelKeys);
        var isThere = labels.TryGetValue(key, out var value);
        return dice.Chance(50)
            ? new V1LabelSelectorRequirement { Key = key, OperatorProperty = isThere ? "Exists" : "DoesNotExist" }
            : new V1LabelSelectorRequirement { Key = key, OperatorProperty = isThere ? "In" : "NotIn", Values = isThere ? [value!, "c"] : ["a", "b"] };
    }
}
