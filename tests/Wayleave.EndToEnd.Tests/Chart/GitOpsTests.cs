using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using YamlDotNet.RepresentationModel;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>The examples in docs/gitops.md.</summary>
[Collection(nameof(ChartCollection))]
public sealed class GitOpsTests(ChartCluster cluster)
{
    private static readonly IReadOnlyList<YamlNode> Examples = Read(File.ReadAllText(Checkout.PathOf("docs", "gitops.md")));

    [Theory]
    [InlineData("Application", "source", "helm", "valuesObject")]
    [InlineData("HelmRelease", "values")]
    public async Task The_chart_accepts_the_values_of_each_example(string kind, params string[] path)
    {
        var values = path.Aggregate(Example(kind)["spec"], (node, key) => node[key]);
        var file = Path.Combine(cluster.Plane.Directory, $"{Guid.NewGuid():N}.yaml");
        using (var writer = new StreamWriter(file))
        {
            new YamlStream(new YamlDocument(values)).Save(writer, assignAnchors: false);
        }

        var render = new ChartRender((await cluster.TryTemplateAsync($"--values={file}")).EnsureSuccess().Output);
        render.Deployment["replicas"].ToString().ShouldBe("2");
        render.TelemetryArguments.ShouldBe(["--telemetry-enabled=false"]);
    }

    [Theory]
    [InlineData("", "Progressing the operator has not reconciled it yet")]
    [InlineData("observedGeneration = 1, conditions = {{type = 'Ready', status = 'True', message = 'old'}}", "Progressing the operator has not reconciled it yet")]
    [InlineData("observedGeneration = 2, conditions = {{type = 'Ready', status = 'True', message = 'all'}}", "Healthy all")]
    [InlineData("observedGeneration = 2, conditions = {{type = 'Ready', status = 'False', message = 'soon'}, {type = 'Reconciling', status = 'True'}}", "Progressing soon")]
    [InlineData("observedGeneration = 2, conditions = {{type = 'Ready', status = 'False', message = 'no'}, {type = 'Stalled', status = 'True'}}", "Degraded no")]
    [InlineData("observedGeneration = 2, conditions = {{type = 'Ready', status = 'False', message = 'spec.paused'}, {type = 'Paused', status = 'True'}}", "Suspended spec.paused")]
    public async Task The_health_check_maps_each_status_to_its_health(string status, string health)
    {
        var check = ((YamlMappingNode)Example("ConfigMap")["data"]).Children.Single().Value;
        var program = Path.Combine(cluster.Plane.Directory, $"{Guid.NewGuid():N}.lua");
        await File.WriteAllTextAsync(program, $"obj = {{metadata = {{generation = 2}}, status = {{{status}}}}}\nlocal function check()\n{check}\nend\nlocal health = check()\nprint(health.status .. ' ' .. health.message)\n");

        (await ChildProcess.RunAsync("lua5.1", [program])).EnsureSuccess().Output.Trim().ShouldBe(health);
    }

    private static YamlNode Example(string kind) => Examples.Single(example => example["kind"].ToString() == kind);

    private static IReadOnlyList<YamlNode> Read(string page)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(string.Join("\n---\n", page.Split("```yaml\n").Skip(1).Select(block => block.Split("\n```")[0]))));
        return [.. yaml.Documents.Select(document => document.RootNode)];
    }
}
