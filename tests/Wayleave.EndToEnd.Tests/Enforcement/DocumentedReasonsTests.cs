using System.Reflection;
using Wayleave.Api;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>The reasons, states, and conditions that the user documentation must name. Needs no cluster.</summary>
public sealed class DocumentedReasonsTests
{
    private static readonly string[] _reasons = Words(typeof(Reasons));

    public static TheoryData<string> Kinds => [.. DocumentationPages.Kinds];

    public static TheoryData<string> ReportedKinds => [.. DocumentationPages.ReportedKinds];

    [Fact]
    public void Every_reason_is_documented()
    {
        var pages = string.Concat(
            DocumentationPages.Kinds.Select(DocumentationPages.PageOf).Append("docs/telemetry.md").Select(DocumentationPages.Read));

        _reasons.Where(reason => !pages.Contains($"`{reason}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(ReportedKinds))]
    public void A_page_names_no_reason_that_does_not_exist(string kind)
    {
        var named = DocumentationPages.Reasons(DocumentationPages.PageOf(kind));

        named.ShouldNotBeEmpty();
        named.Except(_reasons).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_page_with_an_example_and_a_link_in_the_list_of_kinds(string kind)
    {
        var page = DocumentationPages.PageOf(kind);

        DocumentationPages.Examples(page).ShouldContain(example => example.Contains($"\nkind: {kind}\n", StringComparison.Ordinal));
        DocumentationPages.Read(DocumentationPages.List).ShouldContain($"]({Path.GetFileName(page)})");
    }

    [Fact]
    public void The_README_links_to_the_list_of_kinds() =>
        DocumentationPages.Read(DocumentationPages.Readme).ShouldContain($"]({DocumentationPages.List})");

    [Fact]
    public void Every_target_state_and_every_condition_is_documented()
    {
        var pages = string.Concat(DocumentationPages.Kinds.Select(kind => DocumentationPages.Read(DocumentationPages.PageOf(kind))));

        Words(typeof(TargetStateNames))
            .Concat(Words(typeof(ConditionTypes)))
            .Where(word => !pages.Contains($"`{word}`", StringComparison.Ordinal) && !pages.Contains($"| {word} |", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static string[] Words(Type constants) => constants.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .ToArray();
}
