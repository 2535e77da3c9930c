using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Kubernetes.Tests.Configuration;

public sealed class YamlLimitsTests
{
    private static readonly YamlLimits _limits = new(MaxDepth: 5, MaxNodes: 10);

    [Theory]
    [InlineData("a: {b: [c]}", null, 0)]
    [InlineData("", null, 0)]
    [InlineData("a: &x 1", YamlProblem.Alias, 1)]
    [InlineData("a: 1\nb: *x", YamlProblem.Alias, 2)]
    [InlineData("a:\n- [[[[]]]]", YamlProblem.Depth, 2)]
    [InlineData("[1, 2, 3, 4, 5, 6, 7, 8, 9]", null, 0)]
    [InlineData("[1, 2, 3, 4, 5,\n6, 7, 8, 9, 10]", YamlProblem.Nodes, 2)]
    [InlineData("a: 1\n---\nb: 1\n---\nc: 1\n---\nd: 1", YamlProblem.Nodes, 7)]
    public void Finds_the_first_problem_and_its_line(string yaml, YamlProblem? problem, int line)
    {
        var found = _limits.FindProblem(yaml);

        (found?.Problem).ShouldBe(problem);
        (found?.Line ?? 0).ShouldBe(line);
    }
}
