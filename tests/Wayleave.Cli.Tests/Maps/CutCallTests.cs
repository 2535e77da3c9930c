using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Maps;

public sealed class CutCallTests : CliTest
{
    [Fact]
    public async Task Preview_shows_the_seen_calls_that_the_new_policies_would_cut()
    {
        Apply(SeenShop.Everything);
        await RunOperatorAsync();
        Input = Shop.Intents("admin", "[{kubernetes: {name: orders.data}}]");
        var result = await RunAsync("intents", "preview", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.Success);
        ShouldBeGolden(result.Output, "preview-cut");
        (await RunAsync("intents", "preview", "-f", "/dev/null", "-o", "name")).ExitCode.ShouldBe(ExitCodes.Success);
    }

    [Fact]
    public async Task Preview_says_nothing_of_calls_that_stay_allowed()
    {
        Apply(SeenShop.Everything);
        await RunOperatorAsync();
        Input = string.Join(
            "\n---\n",
            Shop.Intents("orders-callers", "[{kubernetes: {name: orders.data}}]").Replace("{name: orders-callers}", "{name: cart}", StringComparison.Ordinal),
            Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080]}}, {kubernetes: {name: orders.data}}]"));

        (await RunAsync("intents", "preview", "-f", "-")).Output.ShouldNotContain("Seen calls");
    }

    [Fact]
    public async Task Preview_without_the_right_to_read_the_map_says_so_in_one_line()
    {
        Apply(SeenShop.Everything);
        Connection.Forbidden.Add("observedintents");
        Input = Shop.Intents("admin", "[{kubernetes: {name: orders.data}}]");
        var result = await RunAsync("intents", "preview", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.Success);
        result.Error.ShouldContain("Note: seen calls are not compared: you may not list ObservedIntents in all namespaces.\n");
        result.Output.ShouldNotContain("Seen calls");
    }

    [Fact]
    public async Task Diff_with_enforce_shows_what_Shadow_lets_through()
    {
        Apply(SeenShop.Everything.Replace("--mode=Enforce", "--mode=Shadow", StringComparison.Ordinal));
        Apply(Shop.Intents("cart", "[{kubernetes: {name: orders.data, ports: [5432]}}]"));
        var result = await RunAsync("map", "diff", "-A", "--enforce");

        result.ExitCode.ShouldBe(ExitCodes.No, result.Error);
        ShouldBeGolden(result.Output, "map-diff-enforce");
    }
}
