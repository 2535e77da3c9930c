using System.Text.RegularExpressions;
using Google.Protobuf;
using Wayleave.Testing;
using Wayleave.Testing.Otlp.Proto;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>The batch in docs/telemetry.md is one that an operator sent. <c>WAYLEAVE_UPDATE_DOCS=1</c> updates it.</summary>
[Collection(LedgerCollection.Name)]
public sealed partial class DocumentedBatchTests(TelemetryCluster cluster)
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithIndentation("  "));

    [Fact]
    public async Task The_documented_batch_is_the_first_that_an_installation_sends()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync();
        await stage.WaitForAsync("STARTED", 1);
        await running.StopAsync();
        var json = Formatter.Format(ExportLogsServiceRequest.Parser.ParseFrom(stage.Collector.Requests[0].Body)).ReplaceLineEndings("\n");
        var captured = $"<!-- captured -->\n```json\n{Times().Replace(Hashes().Replace(Ids().Replace(json, "<UUID>"), "<SHA-256>"), "\"<time>\"")}\n```\n<!-- end -->";

        var path = Checkout.PathOf("docs/telemetry.md");
        var page = await File.ReadAllTextAsync(path);
        if (Environment.GetEnvironmentVariable("WAYLEAVE_UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, Block().Replace(page, captured.Replace("$", "$$", StringComparison.Ordinal)));
        }
        else
        {
            Block().Match(page).Value.ShouldBe(captured);
        }
    }

    [GeneratedRegex("<!-- captured -->.*?<!-- end -->", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Block();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9a-f]{64}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hashes();

    [GeneratedRegex(@"""\d{18,20}""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Times();
}
