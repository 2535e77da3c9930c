using Wayleave.Cli.Output;
using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class ListTests : CliTest
{
    [Theory]
    [InlineData("intents-list", "intents", "list")]
    [InlineData("intents-list-wide", "intents", "list", "-A", "-o", "wide")]
    [InlineData("intents-list-name", "intents", "list", "-A", "-o", "name")]
    [InlineData("intents-list-no-headers", "intents", "list", "--no-headers")]
    [InlineData("intents-get", "intents", "get", "checkout")]
    [InlineData("intents-get-yaml", "intents", "get", "checkout", "-o", "yaml")]
    [InlineData("intents-get-json", "intents", "get", "checkout", "-o", "json")]
    [InlineData("policies-list", "policies", "list")]
    [InlineData("policies-list-wide", "policies", "list", "-A", "-o", "wide")]
    [InlineData("policies-list-yaml", "policies", "list", "-o", "yaml")]
    [InlineData("clusters-list", "clusters", "list")]
    [InlineData("clusters-get-yaml", "clusters", "get", "east", "-o", "yaml")]
    public async Task Prints_what_it_printed_before(string golden, params string[] arguments)
    {
        await GivenAsync();
        var result = await RunAsync(arguments);

        result.Error.ShouldBeEmpty();
        result.ExitCode.ShouldBe(ExitCodes.Success);
        ShouldBeGolden(result.Output, golden);
    }

    [Fact]
    public async Task An_empty_list_is_a_note_and_not_a_result()
    {
        Apply(Shop.Everything);

        (await RunAsync("intents", "list")).ShouldBe(new CliResult(ExitCodes.Success, "", "No resources found in shop namespace.\n"));
        (await RunAsync("policies", "list", "-A")).ShouldBe(new CliResult(ExitCodes.Success, "", "No resources found\n"));
        (await RunAsync("intents", "list", "-o", "name")).ShouldBe(new CliResult(ExitCodes.Success, "", ""));
    }

    [Fact]
    public async Task An_empty_namespace_counts_as_not_given()
    {
        await GivenAsync();

        (await RunAsync("intents", "list", "-n", "")).Output.ShouldBe((await RunAsync("intents", "list")).Output);
        (await RunAsync("intents", "list", "-n", "", "--no-headers", "-o", "name")).Output.ShouldNotContain("orders");
    }

    [Fact]
    public async Task Colors_are_for_terminals_without_NO_COLOR()
    {
        await GivenAsync();
        (await RunAsync("intents", "list")).Output.ShouldNotContain('\e');

        IsTerminal = true;
        (await RunAsync("intents", "list")).Output.ShouldContain("\e[32mTrue\e[0m");

        Variables["NO_COLOR"] = "1";
        (await RunAsync("intents", "list")).Output.ShouldNotContain('\e');
    }

    [Fact]
    public async Task Control_characters_of_the_cluster_do_not_reach_the_terminal()
    {
        await GivenAsync();
        Connection.Cluster.User.PutStatus<Api.ClientIntents, Api.ClientIntentsStatus>("shop", "checkout", new Api.ClientIntentsStatus
        {
            ObservedGeneration = 1,
            Targets = [new Api.TargetStatus { Name = "cart\e[2J", Type = "kubernetes", State = "Failed", Reason = "X", Message = "a\nb\u202ec\u2028d" }],
        });

        var result = await RunAsync("intents", "get", "checkout");
        result.Output.ShouldContain("cart?[2J");
        result.Output.ShouldContain("a?b?c?d");
        result.Output.Where(char.IsControl).Distinct().ShouldBe(['\n']);
        foreach (var format in new[] { "yaml", "json" })
        {
            (await RunAsync("intents", "get", "checkout", "-o", format)).Output.Where(TerminalText.IsUnsafe).Distinct().ShouldBe(['\n']);
        }
    }

    [Fact]
    public async Task Reads_everything_at_once_when_the_pages_have_expired()
    {
        await GivenAsync();
        var whole = (await RunAsync("intents", "list")).Output;

        Connection.PagesExpire = true;
        (await RunAsync("intents", "list")).Output.ShouldBe(whole);
    }

    private async Task GivenAsync()
    {
        Apply(Shop.Everything);
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080]}}, {kubernetes: {name: orders.data}}, {kubernetes: {name: none}}]"));
        Apply(Shop.Intents("admin", "[{kubernetes: {name: cart}}]"));
        Apply(Shop.Intents("orders", "[{kubernetes: {name: cart.shop}}]", "data"));
        Apply(
            """
            apiVersion: wayleave.dev/v1beta1
            kind: Cluster
            metadata: {name: east, labels: {tier: prod}}
            spec: {kubeconfigSecretRef: {name: east}}
            """);
        await RunOperatorAsync();
    }
}
