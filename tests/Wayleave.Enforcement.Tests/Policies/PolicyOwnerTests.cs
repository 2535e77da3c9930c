using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Policies;

/// <summary>Whose a policy is where several operators write.</summary>
public sealed class PolicyOwnerTests
{
    private static readonly PolicyOwner _hub = new("a1");

    [Fact]
    public void What_an_installation_marked_is_its_own_and_nobody_elses()
    {
        var policy = Applied();
        _hub.Mark(policy);

        _hub.IsOurs(policy).ShouldBeTrue();
        foreach (var other in new[] { PolicyOwner.Local, new PolicyOwner("b2") })
        {
            other.IsOurs(policy).ShouldBeFalse();
            other.IsAnothers(policy).ShouldBeTrue();
        }
    }

    [Fact]
    public void What_an_operator_wrote_in_its_own_cluster_is_no_others()
    {
        var policy = Applied();
        PolicyOwner.Local.Mark(policy);

        PolicyOwner.Local.IsOurs(policy).ShouldBeTrue();
        policy.Metadata.Annotations!.ShouldBeEmpty();
        _hub.IsOurs(policy).ShouldBeFalse();
        _hub.IsAnothers(policy).ShouldBeTrue();
    }

    [Fact]
    public void What_nobody_of_ours_applied_is_nobodys()
    {
        var policy = Applied();
        _hub.Mark(policy);
        policy.Metadata.ManagedFields = [];

        _hub.IsOurs(policy).ShouldBeFalse();
        _hub.IsAnothers(policy).ShouldBeFalse();
    }

    private static V1NetworkPolicy Applied() => new()
    {
        Metadata =
        {
            Labels = new(StringComparer.Ordinal) { [WayleaveLabels.ManagedBy] = WayleaveLabels.ManagedByValue },
            Annotations = new(StringComparer.Ordinal),
            ManagedFields = [new V1ManagedFieldsEntry { Manager = WayleaveLabels.FieldManager, Operation = "Apply" }],
        },
    };
}
