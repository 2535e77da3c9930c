using System.Text.Json.Nodes;
using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Telemetry;

public sealed class MapUsageTests : TelemetryTest
{
    [Fact]
    public async Task Counts_the_targets_of_an_export_and_the_lines_of_a_drawing()
    {
        Apply(SeenShop.Everything);
        await ShowNoticeAsync();
        await RunAsync("map", "export", "-A");
        await RunAsync("map", "export", "--client", "cart");
        await RunAsync("map", "visualize", "-A", "--format", "dot");

        (await ShownAsync("MAPPER_EXPORT")).ShouldBe([5 + 1]);
        (await ShownAsync("MAPPER_VISUALIZE")).ShouldBe([10]);
        (await ShownAsync("CLI_COMMAND")).Sum().ShouldBe(3);
        (await RunAsync("telemetry", "status")).Output.ShouldContain("3 commands");
    }

    [Fact]
    public async Task The_first_command_and_one_that_fails_or_finds_nothing_count_nothing()
    {
        Apply(SeenShop.Everything);
        await RunAsync("map", "export", "-A"); // Shows the notice.
        await RunAsync("map", "export", "--client", "nobody");
        await RunAsync("map", "export", "-A", "--file", "/nowhere/map.yaml");
        await RunAsync("map", "list", "-A");

        (await ShownAsync("MAPPER_EXPORT")).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<long>> ShownAsync(string type) =>
    [
        .. (await RunAsync("telemetry", "show")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["attributes"]!)
            .Where(record => (string?)record["event.type"] == type)
            .Select(record => (long)record["count"]!),
    ];
}
