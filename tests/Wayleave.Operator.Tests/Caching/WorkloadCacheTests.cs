using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Tests.Domains;

namespace Wayleave.Operator.Tests.Caching;

public sealed class WorkloadCacheTests
{
    [Fact]
    public async Task Forgets_a_namespace_when_its_last_workload_is_deleted()
    {
        await using var stage = await DomainStage.StartAsync();
        var cache = stage.Get<ClusterCache>().Workloads;
        stage.Cluster.User.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = "build-1" } });
        stage.Cluster.User.Put(Deployment("one"));
        stage.Cluster.User.Put(Deployment("two"));
        await stage.WaitForCachesAsync();
        cache.CountIn("build-1").ShouldBe(2);
        cache.Namespaces.ShouldBe([DomainStage.Shop, "build-1"], ignoreOrder: true);

        stage.Cluster.User.Delete<PartialDeployment>("build-1", "one");
        await stage.WaitForCachesAsync();
        cache.CountIn("build-1").ShouldBe(1);

        stage.Cluster.User.Delete<PartialDeployment>("build-1", "two");
        await stage.WaitForCachesAsync();

        cache.CountIn("build-1").ShouldBe(0);
        cache.Namespaces.ShouldBe([DomainStage.Shop]);
    }

    private static PartialDeployment Deployment(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "build-1" },
        Spec = new PartialWorkloadSpec { Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>() { ["app"] = name } } },
    };
}
