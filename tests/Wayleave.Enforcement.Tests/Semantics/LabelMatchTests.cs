using k8s.Models;
using Wayleave.Testing.Semantics;

using static Wayleave.Enforcement.Tests.Semantics.TestNetwork;

namespace Wayleave.Enforcement.Tests.Semantics;

public class LabelMatchTests
{
    private static readonly Dictionary<string, string> _labels = new() { ["app"] = "cart", ["tier"] = "back" };

    [Fact]
    public void A_selector_without_requirements_selects_everything()
    {
        All.Selects(_labels).ShouldBeTrue();
        new V1LabelSelector { MatchLabels = new Dictionary<string, string>(), MatchExpressions = [] }.Selects(new Dictionary<string, string>()).ShouldBeTrue();
    }

    [Fact]
    public void All_labels_must_match()
    {
        Selects(("app", "cart"), ("tier", "back")).ShouldBeTrue();
        Selects(("app", "cart"), ("tier", "front")).ShouldBeFalse();
        Selects(("app", "cart"), ("part", "")).ShouldBeFalse();
    }

    [Fact]
    public void Labels_and_expressions_must_both_hold()
    {
        var selector = App("cart");
        selector.MatchExpressions = Where("tier", "DoesNotExist").MatchExpressions;

        selector.Selects(_labels).ShouldBeFalse();
        selector.Selects(new Dictionary<string, string> { ["app"] = "cart" }).ShouldBeTrue();
    }

    [Theory]
    [InlineData("tier", "In", true)]
    [InlineData("app", "In", false)]
    [InlineData("part", "In", false)]
    [InlineData("tier", "NotIn", false)]
    [InlineData("app", "NotIn", true)]
    [InlineData("part", "NotIn", true)]
    public void In_requires_the_label_and_NotIn_does_not(string key, string @operator, bool selects) =>
        Where(key, @operator, "front", "back").Selects(_labels).ShouldBe(selects);

    [Theory]
    [InlineData("tier", "Exists", true)]
    [InlineData("part", "Exists", false)]
    [InlineData("tier", "DoesNotExist", false)]
    [InlineData("part", "DoesNotExist", true)]
    public void Exists_and_DoesNotExist_ignore_the_value(string key, string @operator, bool selects) => Where(key, @operator).Selects(_labels).ShouldBe(selects);

    [Theory]
    [InlineData("Near")]
    [InlineData("in")]
    [InlineData("")]
    public void Throws_for_an_unknown_operator(string @operator) =>
        Should.Throw<InvalidOperationException>(() => Where("app", @operator, "cart").Selects(_labels));

    [Fact]
    public void Throws_for_In_without_values() =>
        Should.Throw<InvalidOperationException>(() => Where("app", "In").Selects(_labels));

    private static bool Selects(params (string Key, string Value)[] labels) => Given.Selector(labels).Selects(_labels);
}
