using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Status;

namespace Wayleave.Enforcement.Tests.Status;

public sealed class ClusterStatusBuilderTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_paused_Cluster_is_not_ready_and_not_stalled()
    {
        var status = Summarize(TargetResult.Failed(Reasons.Paused, "spec.paused: nothing is changed there"));

        status.Conditions!.Select(condition => $"{condition.Type} {condition.Status} {condition.Reason}").ShouldBe(["Ready False Paused", "Paused True Paused"]);
    }

    [Theory]
    [InlineData(TargetStateNames.Failed, "Stalled")]
    [InlineData(TargetStateNames.Pending, "Reconciling")]
    public void An_unreachable_Cluster_is_stalled_when_failed_and_reconciling_when_pending(string state, string condition) =>
        Summarize(new TargetResult(state, Reasons.Unreachable, "the API server cannot be reached")).Conditions!.Select(one => one.Type).ShouldBe(["Ready", condition]);

    [Fact]
    public void Keeps_the_last_known_values_of_an_unreachable_Cluster()
    {
        var cluster = new Cluster { Status = new ClusterStatus { Credentials = "digest", Identity = "identity", KubernetesVersion = "v1", Policies = 7 } };

        var status = ClusterStatusBuilder.Summarize(cluster, new ClusterCheckResult(TargetResult.Pending(Reasons.Unreachable, "")), _now);

        (status.Credentials, status.Identity, status.KubernetesVersion, status.Policies).ShouldBe(("digest", "identity", "v1", 7));
    }

    [Fact]
    public void Statuses_with_different_identities_are_not_equal() =>
        StatusEquality.AreEqual(new ClusterStatus { Identity = "one" }, new ClusterStatus { Identity = "two" }).ShouldBeFalse();

    private static ClusterStatus Summarize(TargetResult result) =>
        ClusterStatusBuilder.Summarize(new Cluster { Metadata = new V1ObjectMeta { Generation = 1 } }, new ClusterCheckResult(result), _now);
}
