using k8s.Models;
using Wayleave.Enforcement.Selectors;

namespace Wayleave.Enforcement.Tests.Selectors;

public class SelectorMatchTests
{
    private static readonly Dictionary<string, string> _labels = new() { ["app"] = "cart", ["tier"] = "web" };

    [Fact]
    public void An_empty_selector_matches_everything()
    {
        SelectorMatch.Matches(new V1LabelSelector(), _labels).ShouldBeTrue();
        SelectorMatch.Matches(new V1LabelSelector(), null).ShouldBeTrue();
    }

    [Fact]
    public void Matches_only_when_every_label_has_its_value()
    {
        SelectorMatch.Matches(Given.Selector(("app", "cart")), _labels).ShouldBeTrue();
        SelectorMatch.Matches(Given.Selector(("app", "cart"), ("tier", "db")), _labels).ShouldBeFalse();
        SelectorMatch.Matches(Given.Selector(("app", "cart")), null).ShouldBeFalse();
    }

    [Theory]
    [InlineData("app", "In", "cart,orders", true)]
    [InlineData("app", "In", "orders", false)]
    [InlineData("zone", "In", "a", false)]
    [InlineData("app", "NotIn", "orders", true)]
    [InlineData("app", "NotIn", "cart", false)]
    [InlineData("zone", "NotIn", "a", true)]
    [InlineData("app", "Exists", null, true)]
    [InlineData("zone", "Exists", null, false)]
    [InlineData("app", "DoesNotExist", null, false)]
    [InlineData("zone", "DoesNotExist", null, true)]
    [InlineData("app", "Like", "cart", false)]
    public void Evaluates_an_expression_as_the_Kubernetes_API_defines_it(string key, string @operator, string? values, bool holds)
    {
        var requirement = new V1LabelSelectorRequirement { Key = key, OperatorProperty = @operator, Values = values?.Split(',').ToList() };

        SelectorMatch.Matches(new V1LabelSelector { MatchExpressions = [requirement] }, _labels).ShouldBe(holds);
    }
}
