using YamlDotNet.RepresentationModel;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>What the chart renders, as text and as objects.</summary>
public sealed class ChartRender
{
    public ChartRender(string text)
    {
        Text = text;
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        Objects = [.. stream.Documents.Select(document => document.RootNode)];
    }

    public string Text { get; }

    public IReadOnlyList<YamlNode> Objects { get; }

    /// <summary>Kind and name of each object, in order.</summary>
    public IReadOnlyList<string> Names => [.. Objects.Select(one => $"{one["kind"]}/{one["metadata"]["name"]}")];

    public YamlNode Deployment => Single("Deployment")["spec"];

    public YamlNode Pod => Deployment["template"]["spec"];

    public YamlNode Container => List(Pod["containers"]).Single();

    public IReadOnlyList<string> Arguments => Texts(Container["args"]);

    public IReadOnlyList<string> TelemetryArguments =>
        [.. Arguments.SkipWhile(argument => !argument.StartsWith("--telemetry", StringComparison.Ordinal))];

    /// <summary>The names of the environment variables.</summary>
    public IReadOnlyList<string> Variables => [.. List(Container["env"]).Select(variable => variable["name"].ToString())];

    /// <summary>The rules for the whole cluster, each as <c>group/resources [names]: verbs</c>.</summary>
    public IReadOnlyList<string> ClusterRules => Rules("ClusterRole");

    /// <summary>The rules for the operator's own namespace. Empty without a Role.</summary>
    public IReadOnlyList<string> OwnRules => Rules("Role");

    public YamlNode Single(string kind) => Objects.Single(one => one["kind"].ToString() == kind);

    public static IReadOnlyList<string> Texts(YamlNode list) => [.. List(list).Select(item => item.ToString())];

    private static IList<YamlNode> List(YamlNode node) => ((YamlSequenceNode)node).Children;

    private IReadOnlyList<string> Rules(string kind) =>
        [.. Objects.Where(one => one["kind"].ToString() == kind).SelectMany(role => List(role["rules"])).Select(Rule)];

    private static string Rule(YamlNode rule)
    {
        var names = ((YamlMappingNode)rule).Children.TryGetValue("resourceNames", out var listed) ? $" [{Join(listed)}]" : "";
        return $"{Join(rule["apiGroups"])}/{Join(rule["resources"])}{names}: {Join(rule["verbs"])}";
    }

    private static string Join(YamlNode list) => string.Join(", ", Texts(list));
}
