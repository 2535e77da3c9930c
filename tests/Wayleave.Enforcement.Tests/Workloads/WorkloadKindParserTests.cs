using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Workloads;

public class WorkloadKindParserTests
{
    [Fact]
    public void Every_kind_can_be_read_back_from_its_name()
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
    public void The_schema_allows_just_these_kinds() =>
        typeof(WorkloadKinds).GetFields().Select(field => (string)field.GetRawConstantValue()!)
            .ShouldBe(Enum.GetNames<WorkloadKind>().Where(name => name != nameof(WorkloadKind.Pods)), ignoreOrder: true);

    [Fact]
    public void Pods_named_by_their_labels_are_no_kind_that_a_declaration_can_name()
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
    public void Anything_else_is_no_kind(string? text) => WorkloadKindParser.TryParse(text, out _).ShouldBeFalse();
}
