using k8s.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Tests.Caching;

public sealed class StringInternerTests
{
    private readonly StringInterner _strings = new();

    [Fact]
    public void Returns_the_same_instance_for_equal_strings()
    {
        var first = _strings.Intern(Copy("team-a"));

        _strings.Intern(Copy("team-a")).ShouldBeSameAs(first);
        _strings.Intern(Copy("team-b")).ShouldBe("team-b");
        _strings.Intern(default(string)).ShouldBeNull();
    }

    [Fact]
    public void Labels_stay_equal_and_share_their_strings()
    {
        var one = _strings.Intern(new Dictionary<string, string> { [Copy("app")] = Copy("cart"), [Copy("team")] = Copy("a") })!;
        var other = _strings.Intern(new Dictionary<string, string> { [Copy("app")] = Copy("web") })!;

        one.ShouldBe(new Dictionary<string, string> { ["app"] = "cart", ["team"] = "a" }, ignoreOrder: true);
        other.Keys.Single().ShouldBeSameAs(one.Keys.Single(key => key == "app"));
    }

    [Fact]
    public void Returns_equal_strings_when_there_are_more_than_it_can_hold()
    {
        foreach (var text in Enumerable.Range(0, 20_000).Select(number => $"text-{number}"))
        {
            _strings.Intern(text).ShouldBe(text);
        }
    }

    [Fact]
    public void Does_not_change_the_values_of_metadata()
    {
        var meta = new V1ObjectMeta { Name = "cart", NamespaceProperty = "shop", ManagedFields = [new V1ManagedFieldsEntry { Manager = "kubectl", Operation = "Apply" }] };

        _strings.Intern(meta);

        (meta.Name, meta.NamespaceProperty, meta.Labels, meta.ManagedFields[0].Manager, meta.ManagedFields[0].Subresource)
            .ShouldBe(("cart", "shop", null, "kubectl", null));
    }

    private static string Copy(string text) => new(text.AsSpan());
}
