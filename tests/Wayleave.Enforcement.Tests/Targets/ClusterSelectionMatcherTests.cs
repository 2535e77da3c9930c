using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Enforcement.Tests.Targets;

/// <summary>Which clusters a selection includes.</summary>
public sealed class ClusterSelectionMatcherTests
{
    private static readonly Dictionary<string, string> _prod = new(StringComparer.Ordinal) { ["tier"] = "prod" };

    [Fact]
    public void An_empty_selection_includes_only_the_local_cluster()
    {
        foreach (var selection in new[] { null, new ClusterSelection(), new ClusterSelection { Names = [] } })
        {
            ClusterSelectionMatcher.IncludesLocal(selection).ShouldBeTrue();
            ClusterSelectionMatcher.Includes(selection, "east", _prod).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_name_includes_only_the_cluster_of_that_name()
    {
        var selection = new ClusterSelection { Names = ["east", "local"] };

        ClusterSelectionMatcher.IncludesLocal(selection).ShouldBeTrue();
        ClusterSelectionMatcher.Includes(selection, "east", labels: null).ShouldBeTrue();
        ClusterSelectionMatcher.Includes(selection, "west", _prod).ShouldBeFalse();
        ClusterSelectionMatcher.IncludesLocal(new ClusterSelection { Names = ["east"] }).ShouldBeFalse();
    }

    [Fact]
    public void A_selector_includes_matching_Clusters_and_never_the_local_one()
    {
        var selection = new ClusterSelection { Selector = new V1LabelSelector { MatchLabels = _prod } };

        ClusterSelectionMatcher.IncludesLocal(selection).ShouldBeFalse();
        ClusterSelectionMatcher.Includes(selection, "east", _prod).ShouldBeTrue();
        ClusterSelectionMatcher.Includes(selection, "east", labels: null).ShouldBeFalse();
        ClusterSelectionMatcher.Includes(new ClusterSelection { Selector = new V1LabelSelector() }, "east", labels: null).ShouldBeTrue();
        ClusterSelectionMatcher.IncludesLocal(new ClusterSelection { Names = ["local"], Selector = new V1LabelSelector() }).ShouldBeTrue();
    }
}
