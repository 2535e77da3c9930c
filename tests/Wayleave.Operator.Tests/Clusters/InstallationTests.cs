using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Clusters;

namespace Wayleave.Operator.Tests.Clusters;

public sealed class InstallationTests
{
    private const string Uid = "5c2a8f0e-1d3b-4c6a-9f7e-0a1b2c3d4e5f";

    [Fact]
    public void Is_the_same_in_the_same_cluster_and_namespace_and_another_in_any_other()
    {
        var mark = Installation.MarkOf(Uid, "wayleave-system");

        Installation.MarkOf(Uid, "wayleave-system").ShouldBe(mark);
        Installation.MarkOf(Uid, "gitops").ShouldNotBe(mark);
        Installation.MarkOf("another", "wayleave-system").ShouldNotBe(mark);
        PolicyOwner.IsMark(mark).ShouldBeTrue();
    }

    [Fact]
    public void Shows_nothing_of_the_cluster_and_the_same_digest_nowhere_else()
    {
        string[] digests = [Installation.MarkOf(Uid, ""), Installation.IdentityOf(Uid), Wayleave.Telemetry.Identity.ContextId.FromClusterUid(Uid).ToString()!];

        digests.Distinct().Count().ShouldBe(3);
        digests.ShouldAllBe(digest => !digest.Contains("5c2a8f0e", StringComparison.Ordinal));
    }
}
