using Wayleave.Chaos;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Chaos;

/// <summary>Runs a few storms from a fixed seed; <c>make chaos</c> runs more, from any seed.</summary>
[Collection(Name)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    public const string Name = "Chaos";
    private const int Seed = 7;
    private const int Storms = 5;

    [Fact]
    public async Task The_cluster_is_correct_after_each_storm()
    {
        var report = new StringWriter();
        await using var run = await ChaosRun.StartAsync(Seed, report);
        var isWell = await run.RageAsync(Storms);
        output.WriteLine(report.ToString());
        isWell.ShouldBeTrue(report.ToString());
    }
}
