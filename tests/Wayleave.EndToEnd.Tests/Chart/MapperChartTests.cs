using YamlDotNet.RepresentationModel;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>What the chart renders for the network mapper.</summary>
[Collection(nameof(ChartCollection))]
public sealed class MapperChartTests(ChartCluster cluster)
{
    private const string On = "mapper.enabled=true,sensor.enabled=true";

    [Fact]
    public async Task Renders_nothing_of_the_mapper_by_default()
    {
        var render = await cluster.RenderAsync();

        render.Names.ShouldNotContain(name => name.Contains("mapper", StringComparison.Ordinal) || name.Contains("sensor", StringComparison.Ordinal));
        render.Arguments.ShouldNotContain("--observed-intents=true");
        render.ClusterRules.ShouldNotContain(rule => rule.Contains("observedintents", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gives_a_sensor_one_capability_and_no_right_in_the_cluster()
    {
        var render = await cluster.RenderAsync(On);
        var pod = render.Single("DaemonSet")["spec"]["template"]["spec"];
        var container = ((YamlSequenceNode)pod["containers"]).Children.Single();

        pod["automountServiceAccountToken"].ToString().ShouldBe("false");
        ChartRender.Texts(container["securityContext"]["capabilities"]["add"]).ShouldBe(["NET_RAW"]);
        ChartRender.Texts(container["securityContext"]["capabilities"]["drop"]).ShouldBe(["ALL"]);
        container["securityContext"]["allowPrivilegeEscalation"].ToString().ShouldBe("false");
        container["securityContext"]["readOnlyRootFilesystem"].ToString().ShouldBe("true");
        ((YamlSequenceNode)container["volumeMounts"]).Children.ShouldAllBe(mount => mount["readOnly"].ToString() == "true");
        render.Objects.Where(one => one["kind"].ToString().EndsWith("Binding", StringComparison.Ordinal))
            .SelectMany(binding => ((YamlSequenceNode)binding["subjects"]).Children)
            .ShouldNotContain(subject => subject["name"].ToString().Contains("sensor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keeps_the_privileged_namespace_for_the_sensors_alone()
    {
        var render = await cluster.RenderAsync(On);
        var space = render.Single("Namespace")["metadata"];

        space["name"].ToString().ShouldBe("wayleave-sensor");
        space["labels"]["pod-security.kubernetes.io/enforce"].ToString().ShouldBe("privileged");
        render.Objects.Where(one => one["kind"].ToString() == "Deployment").ShouldAllBe(one => one["metadata"]["namespace"].ToString() == "wayleave-system");
    }

    [Fact]
    public async Task Counts_discoveries_only_with_telemetry()
    {
        (await cluster.RenderAsync(On)).Text.ShouldContain("--count-discoveries=true");
        (await cluster.RenderAsync(On, "global.telemetry.enabled=false")).Text.ShouldContain("--count-discoveries=false");
        (await cluster.RenderAsync(On, "global.telemetry.usage.enabled=false")).Text.ShouldContain("--count-discoveries=false");
    }

    [Fact]
    public async Task Lets_the_operator_read_the_map()
    {
        var text = (await cluster.RenderAsync(On)).Text;

        text.ShouldContain("--observed-intents=true");
        text.ShouldContain("observedintents");
    }

    [Fact]
    public async Task Serves_the_page_and_gives_its_rights_only_if_it_is_turned_on()
    {
        var off = await cluster.RenderAsync(On);
        var on = await cluster.RenderAsync(On, "mapper.page.enabled=true");

        off.Text.ShouldNotContain("8444");
        off.Text.ShouldNotContain("--page-port");
        on.Text.ShouldContain("--page-port=8444");
        on.Text.Split("subjectaccessreviews").Length.ShouldBe(off.Text.Split("subjectaccessreviews").Length + 1);
        (await cluster.RenderAsync("mapper.page.enabled=true")).Text.ShouldNotContain("8444");
    }

    [Theory]
    [InlineData("sensor.enabled needs mapper.enabled=true", "sensor.enabled=true")]
    [InlineData("mapper.enabled needs operator.watchNamespace to be empty", "mapper.enabled=true", "operator.watchNamespace=shop")]
    [InlineData("sensor.namespace is the operator's own namespace", "mapper.enabled=true", "sensor.namespace=wayleave-system")]
    [InlineData("mapper.retention: 1h is out of range; use 24h to 8760h", "mapper.enabled=true", "mapper.retention=1h")]
    public async Task Rejects_values_that_cannot_work(string problem, params string[] values)
    {
        var result = await cluster.TryTemplateAsync([.. ChartCluster.Sets(values)]);

        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain(problem);
    }
}
