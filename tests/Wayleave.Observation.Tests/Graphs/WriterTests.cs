using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Observation.Graphs;
using Wayleave.Observation.Proposals;

namespace Wayleave.Observation.Tests.Graphs;

public sealed partial class WriterTests
{
    private static readonly DateTimeOffset _now = new(2026, 2, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_line_of_a_DOT_file_is_a_statement_whatever_the_names_are() =>
        DotWriter.Write(GraphSamples.CreateHostile()).TrimEnd('\n').Split('\n').ShouldAllBe(line => DotLine().IsMatch(line));

    [Fact]
    public void Every_line_of_a_Mermaid_file_is_a_statement_whatever_the_names_are() =>
        MermaidWriter.Write(GraphSamples.CreateHostile()).TrimEnd('\n').Split('\n').ShouldAllBe(line => MermaidLine().IsMatch(line));

    [Fact]
    public void The_data_of_the_page_has_the_names_and_no_markup()
    {
        var graph = GraphSamples.CreateHostile();
        var page = MapPage.Write(graph, new MapPageTitle(GraphSamples.Hostile, _now));
        var data = Element(page, "<script type=\"application/json\" id=\"data\">");

        data.ShouldAllBe(letter => letter >= ' ' && letter <= '~' && letter != '<' && letter != '>' && letter != '&');
        var json = JsonNode.Parse(data)!;
        ((string?)json["scope"]).ShouldBe(GraphSamples.Hostile);
        ((string?)json["nodes"]![0]![2]).ShouldBe(GraphSamples.Hostile);
        Regex.Count(page, "</script", RegexOptions.IgnoreCase).ShouldBe(3);
    }

    [Fact]
    public void The_policy_of_the_page_allows_its_scripts_and_style_and_nothing_else()
    {
        var page = MapPage.Write(GraphSamples.Create(4, 6), new MapPageTitle("All namespaces", _now));
        var scripts = Script().Matches(page).Select(match => HashOf(match.Groups["text"].Value)).ToList();

        scripts.Count.ShouldBe(2);
        MapPage.Policy.ShouldBe(
            $"default-src 'none'; script-src {string.Join(' ', scripts)}; style-src {HashOf(Element(page, "<style>"))}; base-uri 'none'; form-action 'none'");
        page.ShouldContain($"content=\"{MapPage.Policy}\"");
        page.ShouldNotContain(" style=");
        page.ShouldNotContain(" onclick=");
    }

    [Fact]
    public void The_layout_library_is_the_one_whose_hash_is_beside_it_and_has_its_license()
    {
        using var stream = typeof(MapPage).Assembly.GetManifestResourceStream("page/dagre.min.js")!;
        using var hash = new StreamReader(typeof(MapPage).Assembly.GetManifestResourceStream("page/dagre.sha256")!);

        Convert.ToHexStringLower(SHA256.HashData(stream)).ShouldBe(hash.ReadToEnd().Split(' ')[0]);
        MapPage.Write(GraphSamples.Create(4, 6), new MapPageTitle("", _now)).ShouldContain("Permission is hereby granted, free of charge");
    }

    [Fact]
    public void A_domain_that_is_named_like_a_workload_is_a_node_of_its_own()
    {
        var client = new ObservedIntents
        {
            Metadata = new V1ObjectMeta { Name = "deployment-web", NamespaceProperty = "shop" },
            Workload = new ObservedWorkload { Name = "web", Kind = "Deployment" },
            Calls =
            [
                new ObservedCall { Target = new() { Kubernetes = new() { Name = "cart" } }, Outcome = "Connected" },
                new ObservedCall { Target = new() { Internet = new() { Domains = ["cart.shop"] } }, Outcome = "Connected" },
            ],
        };

        var graph = GraphBuilder.Build(SeenMap.Read([client]), new DeclarationIndex([], MapFacts.None), CallFilter.Everything);

        graph.Nodes.Select(node => (node.Kind, node.Id)).ShouldBe(
        [
            (GraphNodeKind.Workload, "cart.shop"), (GraphNodeKind.Outside, "cart.shop"), (GraphNodeKind.Workload, "deployment/web.shop"),
        ]);
        MapPage.Write(graph, new MapPageTitle("All namespaces", _now)).ShouldContain("cart.shop");
        DotWriter.Write(graph).ShouldContain("shape=ellipse");
        MermaidWriter.Write(graph).ShouldContain("([\"cart.shop\"])");
    }

    [Fact]
    public void Calls_of_namespaces_are_drawn_once_for_each_state()
    {
        var graph = GraphSamples.Create(60, 200);
        var collapsed = graph.ByNamespace();

        collapsed.Nodes.Select(node => node.Id).ShouldBe(["outside the cluster", "team-0", "team-1", "team-2"]);
        collapsed.Edges.Select(edge => (edge.From, edge.To, edge.State)).ShouldBeUnique();
        collapsed.Edges.Sum(edge => edge.Calls.Count).ShouldBe(graph.Edges.Sum(edge => edge.Calls.Count));
    }

    [Fact]
    public void Around_a_node_are_the_nodes_of_so_many_calls_in_either_direction()
    {
        GraphNode[] nodes = [.. "abcde".Select(letter => new GraphNode(GraphNodeKind.Workload, "n", letter.ToString()))];
        var chain = new CallGraph(nodes, [.. nodes.Zip(nodes.Skip(1), (from, to) => new GraphEdge(from, to, GraphEdgeState.Declared, "", []))]);

        string Around(int depth) => string.Concat(chain.Around(node => node.Name == "c", depth).Nodes.Select(node => node.Name));
        Around(0).ShouldBe("c");
        Around(1).ShouldBe("bcd");
        Around(2).ShouldBe("abcde");
    }

    private static string Element(string page, string tag)
    {
        var start = page.IndexOf(tag, StringComparison.Ordinal) + tag.Length;
        return page[start..page.IndexOf("</", start, StringComparison.Ordinal)];
    }

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    [GeneratedRegex("<script>(?<text>.*?)</script>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();

    [GeneratedRegex(
        """
        ^(digraph\ wayleave\ \{|\}|\ +rankdir=LR;|\ +(node|edge)\ \[.*\];|\ +\}
        |\ +subgraph\ "([^"\\]|\\.)*"\ \{|\ +label="([^"\\]|\\.)*";
        |\ +n\d+\ \[label="([^"\\]|\\.)*"(,\ shape=[a-z]+)?\];
        |\ +n\d+\ ->\ n\d+\ \[label="([^"\\]|\\.)*",\ color="\#[0-9a-f]+",\ style=("[a-z,]+"|[a-z]+)(,\ penwidth=2)?(,\ arrowhead=tee)?\];)$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DotLine();

    [GeneratedRegex(
        """
        ^(flowchart\ LR|\ +end|\ +subgraph\ s\d+\["[^"<>]*"\]|\ +n\d+(\["[^"<>]*"\]|\(\["[^"<>]*"\]\)|\{\{"[^"<>]*"\}\})
        |\ +n\d+\ (-->|-\.->|--x)\|"[^"<>]*"\|\ n\d+|\ +linkStyle\ [0-9,]+\ [a-z0-9:\#,\ -]+)$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MermaidLine();
}
