using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

/// <summary>Which installation owns a policy when several write.</summary>
public sealed class PolicyOwnerTests
{
    private static readonly PolicyOwner _owner = new(new string('a', 32));
    private static readonly PolicyOwner _another = new(new string('b', 32));

    [Fact]
    public void A_marked_policy_belongs_to_its_installation_and_to_no_other()
    {
        var policy = Written(_owner);

        _owner.IsOurs(policy).ShouldBeTrue();
        _owner.MayUpdate(policy).ShouldBeTrue();
        _owner.BelongsToOtherInstallation(policy).ShouldBeFalse();
        _another.IsOurs(policy).ShouldBeFalse();
        _another.MayUpdate(policy).ShouldBeFalse();
        _another.BelongsToOtherInstallation(policy).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("someone")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Any_installation_may_update_and_none_owns_a_policy_without_a_valid_mark(string? mark)
    {
        var policy = Written(_owner);
        policy.Metadata.Annotations!.Remove(WayleaveLabels.Installation);
        if (mark is not null)
        {
            policy.Metadata.Annotations[WayleaveLabels.Installation] = mark;
        }

        foreach (var owner in new[] { _owner, _another })
        {
            owner.MayUpdate(policy).ShouldBeTrue();
            owner.IsOurs(policy).ShouldBeFalse();
            owner.BelongsToOtherInstallation(policy).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_policy_that_no_operator_wrote_belongs_to_no_installation_despite_its_annotations()
    {
        var policy = Written(_owner);
        policy.Metadata.ManagedFields = [new V1ManagedFieldsEntry { Manager = "kubectl", Operation = "Apply" }];

        _owner.IsOurs(policy).ShouldBeFalse();
        _owner.MayUpdate(policy).ShouldBeFalse();
        _another.BelongsToOtherInstallation(policy).ShouldBeFalse();
    }

    [Fact]
    public void Marks_a_copy_of_the_policy()
    {
        var built = new V1NetworkPolicy { Metadata = new() { Name = "cart", Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" } }, Spec = new() };

        var marked = _owner.WithMark(built);

        marked.Metadata.Annotations.ShouldBe(new Dictionary<string, string> { ["a"] = "b", [WayleaveLabels.Installation] = _owner.Installation }, ignoreOrder: true);
        marked.Spec.ShouldBeSameAs(built.Spec);
        built.Metadata.Annotations.ShouldNotContainKey(WayleaveLabels.Installation);
    }

    private static V1NetworkPolicy Written(PolicyOwner owner)
    {
        var policy = owner.WithMark(new V1NetworkPolicy
        {
            Metadata = new() { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue } },
        });
        policy.Metadata.ManagedFields = [new V1ManagedFieldsEntry { Manager = WayleaveLabels.FieldManager, Operation = "Update" }];
        return policy;
    }
}
