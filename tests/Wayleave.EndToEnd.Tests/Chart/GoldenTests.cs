using Wayleave.Testing;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>
/// Compares what the chart renders for sets of values with reviewed files. <c>WAYLEAVE_UPDATE_GOLDEN=1</c> updates the files; review the
/// difference.
/// </summary>
[Collection(nameof(ChartCollection))]
public sealed class GoldenTests(ChartCluster cluster)
{
    private const string Suffix = ".values.yaml";
    private static readonly string Folder = Checkout.PathOf("tests", "Wayleave.EndToEnd.Tests", "Chart", "Golden");

    public static TheoryData<string> Sets =>
        [.. Directory.EnumerateFiles(Folder, $"*{Suffix}").Select(file => Path.GetFileName(file)[..^Suffix.Length]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Matches_the_golden_render(string set)
    {
        var result = await cluster.TryTemplateAsync($"--values={Path.Combine(Folder, set + Suffix)}", "--api-versions=policy/v1");
        var rendered = WithoutSchemas(result.EnsureSuccess().Output);
        var golden = Path.Combine(Folder, $"{set}.yaml");
        if (Environment.GetEnvironmentVariable("WAYLEAVE_UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(golden, rendered);
        }

        rendered.ShouldBe(await File.ReadAllTextAsync(golden));
    }

    [Fact]
    public async Task Every_golden_render_has_its_values()
    {
        IEnumerable<object[]> rows = Sets;
        var sets = rows.Select(row => (string)row[0]).ToList();
        sets.Count.ShouldBeGreaterThanOrEqualTo(8);
        Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Where(file => !file.EndsWith(Suffix, StringComparison.Ordinal))
            .ShouldBe(sets.Select(set => $"{set}.yaml"), ignoreOrder: true);
        (await cluster.TryTemplateAsync("--set=podDisruptionBudget.enabled=true", "--api-versions=policy/v1")).EnsureSuccess().Output.ShouldContain("apiVersion: policy/v1\n");
    }

    // Keeps only the head of a resource definition: the rest is the file in crds/, which has its own tests.
    private static string WithoutSchemas(string text) => string.Join("\n---\n", text.Split("\n---\n").Select(document =>
        document.Contains("kind: CustomResourceDefinition", StringComparison.Ordinal) ? document[..document.IndexOf("\nspec:\n", StringComparison.Ordinal)] : document));
}
