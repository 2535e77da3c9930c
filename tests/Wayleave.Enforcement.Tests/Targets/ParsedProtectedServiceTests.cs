using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Targets;

public class ParsedProtectedServiceTests
{
    [Fact]
    public void A_protection_names_a_workload_of_its_own_namespace()
    {
        var protection = Given.Protection("cart.data", "StatefulSet");

        protection.Parse().Workload.ShouldBe(new ParsedWorkloadRef("shop", "cart.data", WorkloadKind.StatefulSet));
        protection.Parse().Server.ShouldBe(new PolicyKey(SubjectType.Workload, "shop", "cart.data"));
    }

    [Fact]
    public void A_protection_that_is_being_deleted_has_no_server()
    {
        var protection = Given.Protection("cart");
        protection.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        protection.Parse().Server.ShouldBeNull();
    }

    [Theory]
    [InlineData("", null, "spec.workload.name: ")]
    [InlineData("cart", "Cart", "spec.workload.kind: ")]
    public void Rejects_an_invalid_value_and_reports_the_field(string name, string? kind, string field)
    {
        var protection = Given.Protection(name, kind);

        protection.Parse().Error!.Reason.ShouldBe(Reasons.InvalidSpec);
        protection.Parse().Error!.Message!.ShouldStartWith(field);
        protection.Parse().Server.ShouldBeNull();
    }

    [Fact]
    public void An_invalid_edit_keeps_the_spec_that_the_status_stores_in_force()
    {
        var protection = Edited("""{"workload":{"name":"cart"},"ownPods":false,"clusters":{"names":["east"]}}""");
        protection.Spec.Clusters = new ClusterSelection { Names = ["west"] };

        protection.Parse().IsRetained.ShouldBeTrue();
        protection.Parse().Server.ShouldBe(new PolicyKey(SubjectType.Workload, "shop", "cart"));
        protection.Parse().AllowsOwnPods.ShouldBeFalse();
        protection.Parse().Clusters!.Names.ShouldBe(["east"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"workload":{"name":"Cart"}}""")]
    [InlineData("""{"workload":{"name":"cart","selector":{}}}""")]
    public void Nothing_is_in_force_when_the_status_stores_no_valid_spec(string? spec)
    {
        var protection = Edited(spec);

        protection.Parse().IsRetained.ShouldBeFalse();
        protection.Parse().EnforcedSpec.ShouldBeNull();
        protection.Parse().Server.ShouldBeNull();
    }

    [Fact]
    public void A_valid_spec_is_in_force_regardless_of_the_status()
    {
        var protection = Edited("""{"workload":{"name":"other"}}""");
        protection.Spec.Workload.Name = "cart";

        protection.Parse().IsRetained.ShouldBeFalse();
        protection.Parse().EnforcedSpec.ShouldBeSameAs(protection.Spec);
    }

    private static ProtectedService Edited(string? enforcedSpec)
    {
        var protection = Given.Protection("Cart");
        protection.Metadata.Generation = 2;
        protection.Status = new ProtectedServiceStatus { ObservedGeneration = 1, EnforcedGeneration = 1, EnforcedSpec = enforcedSpec };
        return protection;
    }
}
