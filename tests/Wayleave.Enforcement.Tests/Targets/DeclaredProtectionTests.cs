using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Targets;

public class DeclaredProtectionTests
{
    [Fact]
    public void A_protection_names_a_workload_of_its_own_namespace()
    {
        var protection = Given.Protection("cart.data", "StatefulSet");

        DeclaredProtection.Reference(protection).ShouldBe(new WorkloadReference("shop", "cart.data", WorkloadKind.StatefulSet));
        DeclaredProtection.Server(protection).ShouldBe(new SubjectKey(SubjectType.Workload, "shop", "cart.data"));
    }

    [Fact]
    public void A_protection_that_is_being_deleted_has_no_server()
    {
        var protection = Given.Protection("cart");
        protection.Metadata.DeletionTimestamp = DateTimeOffset.UnixEpoch;

        DeclaredProtection.Server(protection).ShouldBeNull();
    }

    [Theory]
    [InlineData("", null, "spec.workload.name: ")]
    [InlineData("cart", "Cart", "spec.workload.kind: ")]
    public void A_bad_value_is_refused_and_the_field_is_named(string name, string? kind, string field)
    {
        var protection = Given.Protection(name, kind);

        DeclaredProtection.Refusal(protection)!.Reason.ShouldBe(Reasons.InvalidSpec);
        DeclaredProtection.Refusal(protection)!.Message!.ShouldStartWith(field);
        DeclaredProtection.Server(protection).ShouldBeNull();
    }
}
