using System.CommandLine;
using Wayleave.Cli.Maps;
using Wayleave.Cli.Reports;
using Wayleave.Enforcement.Workloads;
using Wayleave.Observation.Graphs;
using Wayleave.Observation.Proposals;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Cli.Commands;

/// <summary><c>map visualize</c>.</summary>
internal sealed class MapVisualizeCommand
{
    private const int MaxDepth = 4;

    private static readonly Dictionary<string, string> _extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = GraphFormat.Html,
        [".htm"] = GraphFormat.Html,
        [".svg"] = GraphFormat.Svg,
        [".dot"] = GraphFormat.Dot,
        [".gv"] = GraphFormat.Dot,
        [".mmd"] = GraphFormat.Mermaid,
        [".mermaid"] = GraphFormat.Mermaid,
    };

    private readonly MapFilterOptions _map = new();

    private readonly Option<string?> _file = CommonOptions.Create<string?>(
        "--file", "FILE", "File to write. Its extension sets the format: .html, .svg, .dot or .mmd. - is the standard output.", "-f");

    private readonly Option<string?> _format = CommonOptions.Restrict(
        new Option<string?>("--format")
        {
            Description =
                $"html: a page, which lists instead of drawing more than {MapPage.MaxNodes} nodes at a time. svg: a picture of at most"
                    + $" {DotWriter.SlowNodes} nodes, drawn by the program dot of Graphviz. dot: input for Graphviz. mermaid: input for Mermaid,"
                    + $" with at most {MermaidWriter.MaxEdges} lines. Defaults to the extension of the file.",
        },
        GraphFormat.Html, GraphFormat.Svg, GraphFormat.Dot, GraphFormat.Mermaid);

    private readonly Option<string?> _around = CommonOptions.Create<string?>(
        "--around", "WORKLOAD", $"Only what is within --depth calls of this workload: {WorkloadName.Forms}. Reads all namespaces.");

    private readonly Option<int> _depth = new("--depth")
    {
        Description = $"Maximum number of calls between the workload of --around and another node, from 1 to {MaxDepth}.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _namespaces = new("--namespaces")
    {
        Description = "Draw namespaces instead of workloads. For svg, dot and mermaid: the page has both.",
    };

    public static Command Create(CommonOptions options)
    {
        var draw = new MapVisualizeCommand();
        return options.CreateCommand(
            "visualize",
            "Draws the map: what is declared, what is not, what was never seen, and what was not answered. The HTML page is one file that"
                + " needs no network.",
            [
                options.AllNamespaces, draw._map.Client, draw._around, draw._depth, draw._namespaces, draw._map.IncludeInfrastructure,
                draw._file, draw._format,
            ],
            draw.RunAsync);
    }

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var format = ReadFormat(run);
        var center = run.Get(_around) is { } text ? WorkloadName.Parse(text, run.Namespace) : (WorkloadName?)null;
        var depth = run.Get(_depth);
        if (depth is < 1 or > MaxDepth)
        {
            throw new CliException($"--depth: {depth} is not from 1 to {MaxDepth}", ExitCodes.BadUsage);
        }

        var @namespace = center is null ? _map.ReadNamespace(run) : null;
        var cluster = await ClusterMap.ReadAsync(run, @namespace, null, cancellationToken);
        if (cluster.Seen.Clients.Count == 0)
        {
            ClusterMap.PrintEmpty(run, @namespace);
            return ExitCodes.Success;
        }

        var graph = GraphBuilder.Build(cluster.Seen, cluster.Declared, ReadFilter(run));
        GraphNode? node = null;
        if (center is { } name)
        {
            node = FindNode(graph, name);
            graph = graph.Around(one => one == node, depth);
        }

        var (result, count) = format == GraphFormat.Html
            ? WritePage(run, graph, @namespace, node, depth)
            : await DrawAsync(run, graph, format, cancellationToken);
        await OutputFile.WriteAsync(run, run.Get(_file), result, cancellationToken);
        run.Environment.Usage.Set(UsageCatalog.MapperVisualize, count);
        return ExitCodes.Success;
    }

    private string ReadFormat(CommandRun run)
    {
        var (file, format) = (run.Get(_file), run.Get(_format));
        return format
            ?? (file is not null && _extensions.TryGetValue(Path.GetExtension(file), out var known) ? known : null)
            ?? throw new CliException("name a file with --file, with the extension .html, .svg, .dot or .mmd, or use --format", ExitCodes.BadUsage);
    }

    private CallFilter ReadFilter(CommandRun run) =>
        CallFilter.Everything with { Client = _map.ReadClient(run) is { } client ? id => MapFilterOptions.IsNamed(client, id) : null };

    private static GraphNode FindNode(CallGraph graph, WorkloadName name)
    {
        List<GraphNode> found =
        [
            .. graph.Nodes.Where(node => node.Kind == GraphNodeKind.Workload && node.Namespace == name.Namespace
                && (name.Kind is { } kind
                    ? node.Name == WorkloadName.Show(kind.Name(), name.Name)
                    : node.Name == name.Name || node.Name.EndsWith($"/{name.Name}", StringComparison.Ordinal))),
        ];
        return found.Count switch
        {
            1 => found[0],
            0 => throw new CliException($"\"{name.Name}\" in namespace {name.Namespace} is not in the map: it was not seen calling, or called"),
            _ => throw new CliException($"\"{name.Name}\" in namespace {name.Namespace} is one of {string.Join(" and ", found.Select(node => node.Name))}; name one"),
        };
    }

    private (string Text, int Count) WritePage(CommandRun run, CallGraph graph, string? @namespace, GraphNode? center, int depth)
    {
        var title = MapPageTitle.For(@namespace, run.Now) with
        {
            Around = center,
            Depth = depth,
            ShowsInfrastructure = run.Get(_map.IncludeInfrastructure),
        };
        return (MapPage.Write(graph, title), graph.Edges.Count);
    }

    private async Task<(string Text, int Count)> DrawAsync(
        CommandRun run, CallGraph graph, string format, CancellationToken cancellationToken)
    {
        graph = run.Get(_map.IncludeInfrastructure) ? graph : graph.Where(edge => !edge.IsInfrastructure);
        graph = run.Get(_namespaces) ? graph.ByNamespace() : graph;
        var text = format == GraphFormat.Svg
            ? await GraphFormat.DrawAsync(graph, run.Environment.Time, cancellationToken)
            : GraphFormat.Write(run, graph, format);
        return (text, graph.Edges.Count);
    }
}
