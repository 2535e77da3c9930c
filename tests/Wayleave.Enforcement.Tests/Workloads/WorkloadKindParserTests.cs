using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Workloads;

public class WorkloadKindParserTests
{
    [Fact]
    public void Parses_every_kind_from_its_name()
    {
        var kinds = Enum.GetValues<WorkloadKind>().Where(kind => kind != WorkloadKind.Pods).ToList();
        kinds.Count.ShouldBe(WorkloadKindParser.Count);
        foreach (var kind in kinds)
        {
            kind.Name().ShouldBe(kind.ToString());
            WorkloadKindParser.TryParse(kind.Name(), out var parsed).ShouldBeTrue();
            parsed.ShouldBe(kind);
        }
    }

    [Fact]
    public void The_schema_allows_exactly_these_kinds() =>
        typeof(WorkloadKindNames).GetFields().Select(field => (string)field.GetRawConstantValue()!)
            .ShouldBe(Enum.GetNames<WorkloadKind>().Where(name => name != nameof(WorkloadKind.Pods)), ignoreOrder: true);

    [Fact]
    public void Does_not_parse_the_kind_of_Pods_named_by_a_selector()
    {
        WorkloadKind.Pods.Name().ShouldBe("Pods");
        WorkloadKindParser.TryParse("Pods", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("deployment")]
    [InlineData("0")]
    [InlineData("Deployment ")]
    public void Rejects_any_other_text(string? text) => WorkloadKindParser.TryParse(text, out _).ShouldBeFalse();
}
