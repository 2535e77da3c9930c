using Wayleave.Api;
using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Maps;

public sealed class MapTests : CliTest
{
    [Theory]
    [InlineData("map-list", "map", "list")]
    [InlineData("map-list-wide", "map", "list", "-A", "-o", "wide", "--include-infrastructure")]
    [InlineData("map-list-undeclared", "map", "list", "--undeclared", "--outcome", "connected", "--no-headers")]
    [InlineData("map-list-yaml", "map", "list", "--outcome", "refused", "-o", "yaml")]
    [InlineData("map-list-name", "map", "list", "-A", "-o", "name", "-l", "app=cart")]
    [InlineData("map-export", "map", "export", "-A")]
    [InlineData("map-export-attempts", "map", "export", "--client", "checkout", "--include", "attempts", "--include", "infrastructure")]
    [InlineData("map-export-merge", "map", "export", "--merge")]
    [InlineData("map-export-json", "map", "export", "--client", "deployment/checkout", "--format", "json")]
    [InlineData("map-export-csv", "map", "export", "-A", "--format", "csv")]
    [InlineData("map-export-dot", "map", "export", "-A", "--format", "dot")]
    [InlineData("map-export-mermaid", "map", "export", "-A", "--format", "mermaid", "--undeclared")]
    [InlineData("map-visualize-dot", "map", "visualize", "-A", "--format", "dot")]
    [InlineData("map-visualize-mermaid", "map", "visualize", "-A", "--format", "mermaid", "--namespaces")]
    public async Task Prints_what_it_printed_before(string golden, params string[] arguments)
    {
        Apply(SeenShop.Everything);
        var result = await RunAsync(arguments);

        result.Error.ShouldBeEmpty();
        result.ExitCode.ShouldBe(ExitCodes.Success);
        ShouldBeGolden(result.Output, golden);
    }

    [Theory]
    [InlineData("map-diff", "map", "diff", "-A")]
    [InlineData("map-diff-yaml", "map", "diff", "--client", "checkout", "--include", "attempts", "-o", "yaml")]
    public async Task Diff_shows_both_directions_and_exits_with_3(string golden, params string[] arguments)
    {
        Apply(SeenShop.Everything);
        var result = await RunAsync(arguments);

        result.ExitCode.ShouldBe(ExitCodes.No, result.Error);
        ShouldBeGolden(result.Output, golden);
    }

    [Fact]
    public async Task Diff_without_a_difference_exits_with_0()
    {
        Apply(SeenShop.Everything);
        Apply(Shop.Intents("cart", "[{kubernetes: {name: orders.data}}]"));

        (await RunAsync("map", "diff", "--client", "cart")).ShouldBe(new CliResult(ExitCodes.Success, "", "No differences.\n"));
    }

    [Theory]
    [InlineData("list")]
    [InlineData("export")]
    [InlineData("diff")]
    [InlineData("reset")]
    [InlineData("visualize", "--format", "html")]
    public async Task Without_a_map_it_says_how_to_turn_the_mapper_on(params string[] command)
    {
        Apply(Shop.Everything);
        (await RunAsync(["map", .. command])).ShouldBe(new CliResult(
            ExitCodes.Success, "",
            "No calls found in shop namespace. If the network mapper is off, set mapper.enabled=true and sensor.enabled=true in the chart.\n"));

        Connection.NotInstalled.Add("observedintents");
        var missing = await RunAsync(["map", .. command]);
        missing.ExitCode.ShouldBe(ExitCodes.Failure);
        missing.Error.ShouldStartWith("error: the kind ObservedIntents is not installed in this cluster; ");
    }

    [Fact]
    public async Task A_refused_list_names_the_verb_and_the_resource()
    {
        Apply(SeenShop.Everything);
        Connection.Forbidden.Add("observedintents");

        (await RunAsync("map", "list")).Error.ShouldContain("User \"jane\" cannot list resource \"observedintents\"");
    }

    [Fact]
    public async Task Export_writes_one_file_for_each_workload()
    {
        Apply(SeenShop.Everything);
        var folder = Directory.CreateTempSubdirectory("wayleave-map-");
        try
        {
            var result = await RunAsync("map", "export", "-A", "--dir", folder.FullName);

            result.ExitCode.ShouldBe(ExitCodes.Success, result.Error);
            Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder.FullName, file)).Order(StringComparer.Ordinal)
                .ShouldBe(["data/orders.yaml", "shop/cart.yaml", "shop/checkout.yaml"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Merge_keeps_the_metadata_of_the_object_and_adds_nothing_when_nothing_is_missing()
    {
        Apply(SeenShop.Everything);
        Connection.Cluster.User.Edit<ClientIntents>("shop", "checkout", intents =>
        {
            intents.Metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "shop" };
            intents.Metadata.Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["kubectl.kubernetes.io/last-applied-configuration"] = "{}",
                ["note"] = "mine",
            };
        });
        var merged = (await RunAsync("map", "export", "--merge")).Output;
        merged.ShouldContain("team: shop");
        merged.ShouldContain("note: mine");
        merged.ShouldNotContain("last-applied");

        Connection.Cluster.User.Delete<ClientIntents>("shop", "checkout");
        Connection.Cluster.User.Delete<ClientIntents>("shop", "admin");
        Apply(merged);
        (await RunAsync("map", "export", "--merge")).ShouldBe(new CliResult(ExitCodes.Success, "", "Nothing is missing.\n"));
    }

    [Fact]
    public async Task Only_calls_that_were_seen_for_some_days_are_exported()
    {
        Apply(SeenShop.Everything);

        (await RunAsync("map", "export", "--min-days", "28")).Output.ShouldContain("name: checkout");
        (await RunAsync("map", "export", "--min-days", "29")).ShouldBe(new CliResult(ExitCodes.Success, "", "No call matches.\n"));
    }

    [Fact]
    public async Task Merge_adds_nothing_to_an_object_without_a_kind_if_two_kinds_have_the_name()
    {
        Apply(SeenShop.Everything);
        Apply(SeenShop.Observed("cart", SeenShop.Calls(SeenShop.Call("{kubernetes: {name: admin, ports: [80]}}")), kind: "StatefulSet"));
        Apply(Shop.Intents("cart", "[{kubernetes: {name: none}}]"));
        var merged = (await RunAsync("map", "export", "--merge", "--client", "cart")).Output;

        merged.ShouldNotContain("  name: cart\n  namespace");
        merged.ShouldContain("  name: deployment-cart\n");
        merged.ShouldContain("  name: statefulset-cart\n");
    }

    [Fact]
    public async Task A_name_that_two_kinds_have_gets_the_kind_in_the_name_of_the_object()
    {
        Apply(SeenShop.Everything);
        Apply(SeenShop.Observed("cart", SeenShop.Calls(SeenShop.Call("{kubernetes: {name: admin, ports: [80]}}")), kind: "StatefulSet"));
        var result = await RunAsync("map", "export", "--client", "cart");

        result.Output.ShouldContain("  name: deployment-cart\n");
        result.Output.ShouldContain("  name: statefulset-cart\n");
    }

    [Theory]
    [InlineData("map", "export", "--format", "csv", "--merge")]
    [InlineData("map", "export", "--dir", "x", "--file", "y")]
    [InlineData("map", "export", "--min-days", "-1")]
    [InlineData("map", "export", "--include", "everything")]
    [InlineData("map", "visualize")]
    [InlineData("map", "visualize", "-f", "map.png")]
    [InlineData("map", "visualize", "--format", "dot", "--around", "cart", "--depth", "9")]
    [InlineData("map", "list", "--outcome", "lost")]
    [InlineData("map", "reset")]
    public async Task Bad_usage_exits_with_2(params string[] arguments)
    {
        Apply(SeenShop.Everything);

        (await RunAsync(arguments)).ExitCode.ShouldBe(ExitCodes.BadUsage);
    }

    [Fact]
    public async Task Reset_deletes_what_was_chosen_and_prints_it()
    {
        Apply(SeenShop.Everything);
        var result = await RunAsync("map", "reset", "--client", "cart", "--yes");

        result.ShouldBe(new CliResult(ExitCodes.Success, "observedintents.wayleave.dev/deployment-cart deleted from namespace shop\n", ""));
        (await RunAsync("map", "list", "-A", "-o", "name")).Output
            .ShouldBe("observedintents.wayleave.dev/deployment-orders\nobservedintents.wayleave.dev/deployment-checkout\n");
    }

    [Theory]
    [InlineData("y\n", 1)]
    [InlineData("n\n", 3)]
    [InlineData("", 3)]
    public async Task Reset_asks_on_a_terminal(string answer, int left)
    {
        Apply(SeenShop.Everything);
        (IsInputTerminal, Input) = (true, answer);
        var result = await RunAsync("map", "reset");

        result.ExitCode.ShouldBe(ExitCodes.Success);
        result.Error.ShouldStartWith("Delete the calls of 2 workloads in namespace shop?");
        (await RunAsync("map", "list", "-A", "-o", "name")).Output.Count(letter => letter == '\n').ShouldBe(left);
    }

    [Fact]
    public async Task Around_a_workload_draws_its_neighbors_only()
    {
        Apply(SeenShop.Everything);

        var near = (await RunAsync("map", "visualize", "--format", "dot", "--around", "cart")).Output;
        near.ShouldContain("deployment/checkout");
        near.ShouldContain("deployment/orders");
        near.ShouldNotContain("api.example.com");
        (await RunAsync("map", "visualize", "--format", "dot", "--around", "cart", "--depth", "2")).Output.ShouldContain("api.example.com");
        (await RunAsync("map", "visualize", "--format", "dot", "--around", "nobody")).Error.ShouldContain("is not in the map");
    }

    [Fact]
    public async Task Mermaid_refuses_more_lines_than_it_draws()
    {
        Apply(Shop.Everything);
        var calls = Enumerable.Range(0, 501).Select(number => SeenShop.Call($"{{kubernetes: {{name: w{number}, ports: [80]}}}}"));
        Apply(SeenShop.Observed("cart", SeenShop.Calls([.. calls])));
        var result = await RunAsync("map", "visualize", "--format", "mermaid");

        result.ExitCode.ShouldBe(ExitCodes.Failure);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldStartWith("error: the graph has 501 lines, and Mermaid draws at most 500; ");
    }
}
