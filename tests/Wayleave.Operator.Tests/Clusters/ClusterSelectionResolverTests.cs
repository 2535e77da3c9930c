using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Clusters;

public sealed class ClusterSelectionResolverTests
{
    private const string Off = "this operator does not manage member clusters; set clusters.enabled=true";

    [Theory]
    [InlineData("true", "there is no Cluster of that name", "no Cluster has these labels")]
    [InlineData("false", Off, Off)]
    public async Task Explains_why_a_selection_finds_no_Cluster(string clusters, string byName, string bySelector)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal) { ["clusters"] = clusters, ["telemetry-enabled"] = "false" };
        var options = OperatorOptions.Read(given, new Dictionary<string, string>(StringComparer.Ordinal));
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddOperator(options, NowhereSource.Create())
            .AddSingleton<IKubernetesClient>(new FakeCluster(ApiClients.Registry, "wayleave"))
            .BuildServiceProvider();
        var directory = services.GetRequiredService<ClusterSelectionResolver>();

        Message(new ClusterSelection { Names = ["east"] }).ShouldStartWith($"spec.clusters.names: {byName}");
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["tier"] = "prod" };
        Message(new ClusterSelection { Selector = new V1LabelSelector { MatchLabels = labels } })
            .ShouldStartWith($"spec.clusters.selector: {bySelector}");

        string Message(ClusterSelection selection) => directory.Resolve(selection).ShouldHaveSingleItem().Unavailable!.Message!;
    }
}
