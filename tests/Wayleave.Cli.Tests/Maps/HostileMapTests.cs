using Wayleave.Cli.Manifests;
using Wayleave.Cli.Output;
using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Maps;

/// <summary>Texts of the map that someone wrote past the schema: they are shown, and do nothing else.</summary>
public sealed class HostileMapTests : CliTest
{
    private const string Hostile = "</script><script>alert(1)</script>\\\"\\\\\\u2028\\n]; x [label=\\\"\\e[2J=cmd()";

    [Theory]
    [InlineData("list")]
    [InlineData("list", "-o", "wide")]
    [InlineData("list", "-o", "yaml")]
    [InlineData("list", "-o", "json")]
    [InlineData("diff")]
    [InlineData("diff", "-o", "yaml")]
    [InlineData("export", "--include", "attempts")]
    [InlineData("export", "--format", "dot")]
    [InlineData("export", "--format", "mermaid")]
    public async Task Nothing_in_the_map_reaches_the_terminal_as_a_control_character(params string[] arguments)
    {
        Given();
        var result = await RunAsync(["map", .. arguments]);

        (result.Output + result.Error).Where(TerminalText.IsUnsafe).Distinct().ShouldBeSubsetOf(['\n']);
    }

    [Fact]
    public async Task An_export_of_it_is_valid_or_leaves_it_out()
    {
        Given();
        var result = await RunAsync("map", "export", "--include", "attempts");

        var documents = ManifestReader.Read("export", result.Output);
        documents.SelectMany(ManifestValidator.Validate).Where(finding => finding.IsError).ShouldBeEmpty();
        documents.Select(document => document.Name).ShouldBe(["cart"]);
        result.Error.ShouldContain("Note: left out: ");
    }

    [Fact]
    public async Task A_spreadsheet_takes_no_cell_for_a_formula()
    {
        Given();
        var rows = (await RunAsync("map", "export", "--format", "csv")).Output.Split('\n');

        rows.ShouldContain(row => row.Contains(",\"'=cmd()\",", StringComparison.Ordinal) || row.Contains(",'=cmd(),", StringComparison.Ordinal));
        rows.ShouldAllBe(row => !row.Contains(",=", StringComparison.Ordinal));
    }

    private void Given()
    {
        Apply(Shop.Everything);
        Apply(SeenShop.Observed("cart", SeenShop.Calls(
            SeenShop.Call("{kubernetes: {name: orders, ports: [80]}}", more: $", service: \"{Hostile}\""),
            SeenShop.Call("{kubernetes: {name: admin, ports: [80]}}", more: ", service: \"=cmd()\""),
            SeenShop.Call($"{{kubernetes: {{name: \"{Hostile}\", ports: [80]}}}}"),
            SeenShop.Call($"{{internet: {{domains: [\"{Hostile}\"], ports: [\"{Hostile}\"]}}}}"))));
        Apply(SeenShop.Observed("checkout", SeenShop.Calls(SeenShop.Call("{kubernetes: {name: orders, ports: [80]}}")))
            .Replace("workload: {name: checkout", $"workload: {{name: \"{Hostile}\"", StringComparison.Ordinal));
    }
}
