using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Workloads;

public class WorkloadKindNamesTests
{
    [Fact]
    public void Every_kind_can_be_read_back_from_its_name()
    {
        var kinds = Enum.GetValues<WorkloadKind>();
        kinds.Length.ShouldBe(WorkloadKindNames.Count);
        foreach (var kind in kinds)
        {
            kind.Name().ShouldBe(kind.ToString());
            WorkloadKindNames.TryParse(kind.Name(), out var parsed).ShouldBeTrue();
            parsed.ShouldBe(kind);
        }
    }

    [Fact]
    public void The_schema_allows_just_these_kinds() =>
        typeof(WorkloadKinds).GetFields().Select(field => (string)field.GetRawConstantValue()!)
            .ShouldBe(Enum.GetNames<WorkloadKind>(), ignoreOrder: true);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("deployment")]
    [InlineData("0")]
    [InlineData("Deployment ")]
    public void Anything_else_is_no_kind(string? text) => WorkloadKindNames.TryParse(text, out _).ShouldBeFalse();
}
