using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

/// <summary>The examples of docs/cli.md, which is generated from these Golden files.</summary>
public sealed class DocumentationTests : CliTest
{
    private const string File = "checkout.yaml";

    [Fact]
    public async Task Explains_cart()
    {
        await GivenAsync();

        ShouldBeGolden((await RunAsync("intents", "explain", "cart")).Output, "docs-explain");
    }

    [Fact]
    public async Task Answers_whether_checkout_may_call_cart()
    {
        await GivenAsync();

        ShouldBeGolden((await RunAsync("intents", "can", "checkout", "cart", "--port", "8080")).Output, "docs-can");
    }

    [Fact]
    public async Task Previews_another_port()
    {
        await GivenAsync();
        Input = Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080, 8443]}}]");

        ShouldBeGolden((await RunAsync("intents", "preview", "-f", "-")).Output, "docs-preview");
    }

    [Fact]
    public async Task Validates_a_file_with_mistakes()
    {
        Input = Shop.Intents("checkout", "[{kubernetes: {name: Cart, prots: [8080]}}]");
        var result = await RunAsync("intents", "validate", "-f", "-");

        ShouldBeGolden(result.Output.Replace("<stdin>", File, StringComparison.Ordinal), "docs-validate");
    }

    private async Task GivenAsync()
    {
        Apply(Shop.Everything);
        Apply(Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080]}}]"));
        await RunOperatorAsync();
    }
}
