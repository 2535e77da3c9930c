using System.Text.RegularExpressions;
using Wayleave.Api.Tests.Crds;
using Wayleave.Generator.Docs;

namespace Wayleave.Api.Tests.Docs;

/// <summary>The page is generated from doc comments. They must be complete and match the statuses that the scenarios expect.</summary>
public sealed partial class ReasonsPageTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> KindsByReason =
        ReasonsPage.GetConstants(typeof(Reasons)).ToDictionary(reason => reason.Name, ReasonsPage.GetKinds);

    public static TheoryData<string> ReasonNames => new(KindsByReason.Keys);

    public static TheoryData<string> ConditionNames => new(ReasonsPage.GetConstants(typeof(ConditionTypes)).Select(type => type.Name));

    [Theory]
    [MemberData(nameof(ReasonNames))]
    public void A_reason_has_a_meaning_an_action_and_kinds(string name)
    {
        var reason = typeof(Reasons).GetField(name)!;

        ReasonsPage.GetMeaning(reason).ShouldEndWith(".");
        ReasonsPage.GetAction(reason).ShouldEndWith(".");
        ReasonsPage.GetKinds(reason).ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(ConditionNames))]
    public void A_condition_has_a_meaning_and_kinds(string name)
    {
        var type = typeof(ConditionTypes).GetField(name)!;

        ReasonsPage.GetMeaning(type).ShouldEndWith(".");
        ReasonsPage.GetKinds(type).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_state_of_a_target_has_a_meaning()
    {
        foreach (var state in ReasonsPage.GetConstants(typeof(TargetStateNames)))
        {
            ReasonsPage.GetMeaning(state).ShouldEndWith(".");
        }
    }

    [Fact]
    public void Every_reason_and_condition_in_a_scenario_documents_the_kind_of_its_object()
    {
        var seen = Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "tests", "Wayleave.Enforcement.Tests", "Scenarios"), "expected.yaml", SearchOption.AllDirectories)
            .SelectMany(Statuses)
            .Distinct()
            .ToList();

        seen.Count.ShouldBeGreaterThan(30);
        seen.Where(word => !KindsOf(word.Class, word.Name).Contains(word.Kind)).ShouldBeEmpty("add the kind to the constant's seealso elements");
    }

    private static IReadOnlyList<string> KindsOf(Type constants, string name) =>
        constants.GetField(name) is { } constant ? ReasonsPage.GetKinds(constant) : [];

    // The conditions and reasons in a file, each with the kind of its object.
    private static IEnumerable<(string Kind, Type Class, string Name)> Statuses(string file)
    {
        var kind = "";
        foreach (var line in File.ReadLines(file))
        {
            kind = Object().Match(line) is { Success: true } entry ? entry.Groups["kind"].Value : kind;
            if (Condition().Match(line) is { Success: true } condition)
            {
                yield return (kind, typeof(ConditionTypes), condition.Groups["type"].Value);
                yield return (kind, typeof(Reasons), condition.Groups["reason"].Value);
            }

            if (Target().Match(line) is { Success: true } target)
            {
                yield return (kind, typeof(Reasons), target.Groups["reason"].Value);
            }
        }
    }

    [GeneratedRegex("^- name: (?<kind>[A-Z][A-Za-z]+) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Object();

    [GeneratedRegex("^  - '(?<type>[A-Z][A-Za-z]+)=(True|False) (?<reason>[A-Za-z]+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Condition();

    [GeneratedRegex(@"^  - '[a-z]+ .*: [A-Z][A-Za-z]+ \((?<reason>[A-Za-z]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Target();
}
