using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Clusters;

namespace Wayleave.Operator.Tests.Clusters;

public sealed class InstallationTests
{
    private const string Uid = "5c2a8f0e-1d3b-4c6a-9f7e-0a1b2c3d4e5f";

    [Fact]
    public void Mark_is_the_same_only_in_the_same_cluster_and_namespace()
    {
        var mark = Installation.ComputeMark(Uid, "wayleave-system");

        Installation.ComputeMark(Uid, "wayleave-system").ShouldBe(mark);
        Installation.ComputeMark(Uid, "gitops").ShouldNotBe(mark);
        Installation.ComputeMark("another", "wayleave-system").ShouldNotBe(mark);
        PolicyOwner.IsMark(mark).ShouldBeTrue();
    }

    [Fact]
    public void Digests_hide_the_cluster_UID_and_differ_for_each_purpose()
    {
        string[] digests = [Installation.ComputeMark(Uid, ""), Installation.ComputeClusterIdentity(Uid), Wayleave.Telemetry.Identity.ContextId.FromClusterUid(Uid).ToString()!];

        digests.Distinct().Count().ShouldBe(3);
        digests.ShouldAllBe(digest => !digest.Contains("5c2a8f0e", StringComparison.Ordinal));
    }
}
